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
  connection_bytes_per_s_max: {
    default: 1_048_576,
    why: 'bytes of one connection: what it sends, and what it asks for by its state vectors',
  },
  connection_burst_bytes_max: { default: 16_777_216, why: 'bytes one connection may send at once: two offline merges of the largest kind' },
  connection_unanswered_max: { default: 64, why: 'messages of one connection that wait for their answer; over it, it is not read' },
  connection_unanswered_bytes_max: { default: 1_048_576, why: 'bytes of them; the last message may exceed it' },
  user_messages_per_s_max: { default: 300, why: 'messages of one person, over all their connections' },
  user_burst_max: { default: 1_500, why: 'messages one person may send at once' },
  over_rate_ms: { default: 30_000, why: 'time a connection may stay over its rate without a break; until then it is only delayed' },
  large_frames_max: { default: 16, why: 'frames over update_bytes_max that this process receives or judges at once; more of them wait' },
  large_frame_ms: { default: 120_000, why: 'time such a frame may take to arrive' },
  awareness_per_s_max: { default: 10, why: 'presence states of one connection; over it, only the last counts' },
  user_connections_max: { default: 20, why: 'sockets of one person' },
  connection_documents_max: { default: 64, why: 'documents over one socket' },
  unread_bytes_max: { default: 4_194_304, why: 'bytes a slow reader may leave unread before it is cut' },
  ping_ms: { default: 10_000, why: 'between two pings of a socket; one that has not answered by the next is gone' },
  unauthenticated_ms: { default: 5_000, why: 'time a socket may stay open without logging in' },
  unauthenticated_connections_max: {
    default: 2_000,
    why: 'sockets without a login at once; over it, the one that has been silent for longest goes',
  },
  unauthenticated_address_max: { default: 1_000, why: 'of them from one address: phones of a mobile network share one' },
  unauthenticated_messages_max: { default: 256, why: 'messages of a socket before its login' },
  unauthenticated_bytes_max: { default: 131_072, why: 'bytes of them' },
  connections_max: { default: 16_384, why: 'open TCP connections of this process, HTTP included' },
  http_headers_ms: { default: 10_000, why: 'time the head of a request may take to arrive' },
  http_request_ms: { default: 300_000, why: 'time a whole request may take, and a connection may be idle in the middle of one' },
  http_headers_max: { default: 100, why: 'headers of one request' },
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
