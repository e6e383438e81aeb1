import { randomUUID } from 'node:crypto'
import jsonwebtoken from 'jsonwebtoken'
import { parseUserId, type UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { isRole, type Role } from '#contract/rights.ts'

/** Who somebody is, by a token that was checked. `expires_at` in unix seconds. */
export type Identity = {
  readonly user: UserId
  readonly name: string
  readonly name_en?: string
  readonly role: Role
  readonly expires_at: number
  readonly jti: string
  /** How often its person had been signed out everywhere when it was given: it holds while that is so. */
  readonly signOuts: number
}

export type TokenOptions = {
  readonly secret: string
  /** Life of a token. */
  readonly token_s: number
  readonly now_ms: () => number
}

export type Tokens = {
  sign(
    user: { readonly id: UserId; readonly name: string; readonly name_en?: string; readonly role: Role },
    signOuts?: number,
  ): { readonly token: string; readonly expires_at: number }
  /** `token-expired` only where the signature is good: who may ask for a new one is told so; a forger is told nothing. */
  verify(text: string): Result<Identity, 'unauthenticated' | 'token-expired'>
}

/** The token says who somebody is and no more; what they may do is asked of the database each time (see access.ts). */
export function makeTokens({ secret, token_s, now_ms }: TokenOptions): Tokens {
  const now_s = () => Math.floor(now_ms() / 1_000)
  return {
    sign(user, signOuts = 0) {
      const iat = now_s()
      const expires_at = iat + token_s
      const claims = {
        sub: String(user.id),
        name: user.name,
        ...englishName(user.name_en),
        role: user.role,
        iat,
        exp: expires_at,
        jti: randomUUID(),
        ...(signOuts === 0 ? {} : { sign_outs: signOuts }),
      }
      return { token: jsonwebtoken.sign(claims, secret, { algorithm: 'HS256' }), expires_at }
    },
    verify(text) {
      let claims: unknown
      try {
        // Pinned: a token must not choose how it is checked.
        claims = jsonwebtoken.verify(text, secret, { algorithms: ['HS256'], clockTimestamp: now_s() })
      } catch (fault) {
        return err(fault instanceof jsonwebtoken.TokenExpiredError ? 'token-expired' : 'unauthenticated')
      }
      return identityOf(claims)
    },
  }
}

/** A good signature is not enough: load tests sign their own, and a claim may be missing. Without `exp` a token would last for ever. */
function identityOf(claims: unknown): Result<Identity, 'unauthenticated'> {
  if (typeof claims !== 'object' || claims === null) return err('unauthenticated')
  const { sub, name, name_en, role, exp, jti, sign_outs } = claims as Record<string, unknown>
  const user = parseUserId(sub)
  if (!user.ok || typeof name !== 'string' || typeof role !== 'string' || !isRole(role) || typeof exp !== 'number')
    return err('unauthenticated')
  return ok({
    user: user.value,
    name,
    ...englishName(name_en),
    role,
    expires_at: exp,
    jti: typeof jti === 'string' ? jti : '',
    signOuts: typeof sign_outs === 'number' ? sign_outs : 0,
  })
}

const englishName = (name: unknown): { readonly name_en?: string } => (typeof name === 'string' ? { name_en: name } : {})
