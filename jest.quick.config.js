import { parts, testTimeout } from './jest.config.js';

/** `npm run test:quick`, the inner loop: pure tables, walks of the app in memory, the edge on loopback, papers, rules. */
export default {
  ...parts,
  testTimeout,
  maxWorkers: '100%',
  testPathIgnorePatterns: [
    ...parts.testPathIgnorePatterns,
    // A pretend cloud for every test, or a process of its own.
    'test/(?:emulator|contract|cli|functions|build|cloudbuild)/',
    'test/papers/quick-start',
    'over-http',
    // A browser.
    'in-browser',
    // Every crash, every order, every cut of an answer.
    'crash',
    'properties',
    // Plans of the module: they change with Terraform, not with the code.
    'test/terraform/',
  ],
};
