import { COST_BLOCKS } from './cost-table.ts';
import { eventsTable } from './events-table.ts';
import { PIPELINE_TABLES, TERRAFORM_TABLES } from '../terraform/tables.ts';
import { GENERATED } from './generated.ts';

/** Papers with blocks that are printed from the code. */
export const PAPERS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'README.md': GENERATED,
  'docs/events.md': { events: eventsTable },
  'terraform/README.md': TERRAFORM_TABLES,
  'terraform/pipeline/README.md': PIPELINE_TABLES,
  'docs/cost.md': COST_BLOCKS,
};
