import { openDatabase } from './storage/database.ts'

// Only the migrations, for a deployment that runs them as a step of its own; the server runs them at its start as well. Not by
// `parseConfig`: this step needs none of the other variables.
const url = process.env.DATABASE_URL
if (!url) {
  console.error('DATABASE_URL must say which database to migrate')
  process.exit(1)
}

const database = openDatabase(url)
try {
  await database.migrate()
  console.log('migrated')
} finally {
  await database.close()
}
