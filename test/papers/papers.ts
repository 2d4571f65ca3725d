import { notServedInMarkdown } from '../../src/emulator/wire/not-served.ts';
import { COST_BLOCKS } from './cost-table.ts';
import { COMMAND_BLOCKS, commandsTable } from './commands-page.ts';
import { deployedTable } from './deployed-table.ts';
import { decisionsTable } from './decisions.ts';
import { eventsTable } from './events-table.ts';
import { METRIC_TABLES, PIPELINE_TABLES, TERRAFORM_TABLES } from '../terraform/tables.ts';
import {
  byHandList,
  causesTable,
  iamTable,
  receiversList,
  RUNBOOK_BLOCKS,
  rotationPicture,
  rotationTable,
  policyTable,
  settingsTable,
  type Blocks,
} from './generated.ts';

/** Papers with blocks that are printed from the code. */
export const PAPERS: Readonly<Record<string, Blocks>> = {
  'README.md': { commands: commandsTable },
  'docs/rotation.md': { rotation: rotationTable, picture: rotationPicture },
  'docs/causes.md': { causes: causesTable },
  'docs/runbook.md': { ...RUNBOOK_BLOCKS, 'by hand': byHandList },
  'docs/reference/settings.md': { settings: settingsTable, policy: policyTable },
  'docs/reference/identities.md': { iam: iamTable },
  'docs/reference/metrics.md': METRIC_TABLES,
  'docs/reference/deployment.md': { deployed: deployedTable },
  'docs/reference/commands.md': COMMAND_BLOCKS,
  'docs/decisions/README.md': { decisions: decisionsTable },
  'docs/events.md': { events: eventsTable },
  'terraform/README.md': TERRAFORM_TABLES,
  'terraform/modules/pipeline/README.md': PIPELINE_TABLES,
  'docs/cost.md': COST_BLOCKS,
  'docs/emulator.md': { 'not-served': notServedInMarkdown, receivers: receiversList },
};
