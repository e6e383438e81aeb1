/**
 * Everything has a bound. Each limit can be set by the environment variable `LIMIT_<NAME>` (upper case); the README's table is
 * generated from here. Units are the last word of a name.
 */
export const limitTable = {
  update_bytes_max: { default: 262_144, why: 'one update of a live session' },
  offline_bytes_max: { default: 8_388_608, why: 'what a phone brings back after hours without a network, in one update' },
  structs_max: { default: 10_000, why: 'structs in one update' },
  offline_structs_max: { default: 20_000, why: 'structs in one offline merge' },
  value_depth_max: { default: 4, why: 'nesting of one value' },
  clock_jump_max: { default: 1_000_000, why: 'clock a single struct may span' },
  note_characters_max: { default: 4_000, why: 'a co-edited note' },
  log_ballots_max: { default: 20_000, why: 'entries of one counting log' },
  clients_per_user_max: { default: 256, why: 'Yjs clients one person may use in one committee' },
  aside_entries_max: { default: 64, why: 'refused updates kept aside of one person in one committee, not decided yet' },
  aside_bytes_max: { default: 33_554_432, why: 'bytes of them' },
  awareness_bytes_max: { default: 2_048, why: 'one presence state' },
  connection_messages_per_s_max: { default: 60, why: 'messages of one connection' },
  connection_burst_max: { default: 300, why: 'messages one connection may send at once' },
  user_connections_max: { default: 20, why: 'sockets of one person' },
  connection_documents_max: { default: 64, why: 'documents over one socket' },
  unread_bytes_max: { default: 4_194_304, why: 'bytes a slow reader may leave unread before it is cut' },
  ping_ms: { default: 10_000, why: 'between two pings of a socket; one that has not answered by the next is gone' },
  unauthenticated_ms: { default: 5_000, why: 'time a socket may stay open without logging in' },
  login_tries_max: { default: 10, why: 'failed logins per login and address' },
  login_window_ms: { default: 600_000, why: 'window of login_tries_max' },
  mailbox_messages_max: { default: 10_000, why: 'messages waiting for one actor' },
  journal_waiting_max: { default: 20_000, why: 'accepted updates waiting for their COMMIT in this process' },
  journal_batch_rows_max: { default: 1_000, why: 'rows of one commit' },
  committee_idle_ms: { default: 60_000, why: 'time a committee nobody has open stays in memory' },
  snapshot_every_rows: { default: 500, why: 'rows between two snapshots of a committee' },
  import_bytes_max: { default: 33_554_432, why: 'the file of one import' },
  import_lines_max: { default: 100_000, why: 'lines of one import: they are in memory until they are written, and planned in one go' },
  import_waiting_max: { default: 4, why: 'imports that wait for another in this process, before their files are read' },
  drain_ms: { default: 10_000, why: 'time a stopping process has to save what it holds' },
} as const satisfies Record<string, { default: number; why: string }>

export type Limits = { readonly [Name in keyof typeof limitTable]: number }

export const defaultLimits: Limits = Object.fromEntries(Object.entries(limitTable).map(([name, row]) => [name, row.default])) as Limits
