type Line = (fields: Readonly<Record<string, unknown>>, text: string) => void

/** Where actors write what an operator should read; pino's shape. Must not throw. */
export type Log = { readonly info: Line; readonly warn: Line; readonly error: Line }
