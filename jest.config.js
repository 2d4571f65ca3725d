import process from 'node:process';

/** Node strips the types itself, so Jest transforms nothing (docs/decisions). */
const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
};

/** A bound for what hangs, not a measure of speed: a busy machine stays far below it. Proofs that take longer say so. */
export const testTimeout = 300_000;

/** Everything but the proofs: what covers core and app completely. */
export const parts = { ...common, testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/proofs/'] };

/** Each line runs millions of times here, and counting them would take as long as running them. */
const proofs = { ...common, roots: ['<rootDir>/test/proofs'], coveragePathIgnorePatterns: ['/'] };

export default {
  projects: [parts, proofs],
  testTimeout,
  // What test files load stays in memory (modules in contexts of their own are never freed), so a process runs no more of them than fit into
  // this, and two share the work: in one process all of them together need more than Node allows.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  collectCoverage: process.env['CI'] === 'true',
  coverageProvider: 'babel',
  collectCoverageFrom: ['src/core/**/*.ts', 'src/app/**/*.ts'],
  coverageReporters: ['text', 'json-summary'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
};
