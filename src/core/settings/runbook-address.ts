/**
 * Where people read the runbook of this release, unless a setting says otherwise: in the repository that package.json names,
 * at the tag of its version. `npm run release` moves it along, and a test compares it with package.json.
 */
export const RUNBOOK_ADDRESS = 'https://github.com/your-org/gemini-key-warden/blob/v0.1.0/docs/runbook.md';
