import process from 'node:process';

/** Node strips the types itself, so Jest transforms nothing (docs/decisions). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {},
  // A bound for what hangs, not a measure of speed: a busy machine stays far below it. Proofs that take longer say so.
  testTimeout: 300_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  collectCoverage: process.env['CI'] === 'true',
  coverageProvider: 'babel',
  collectCoverageFrom: ['src/core/**/*.ts', 'src/app/**/*.ts'],
  coverageReporters: ['text', 'json-summary'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
};
