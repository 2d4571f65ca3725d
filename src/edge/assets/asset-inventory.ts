import { attempt, Fault, isBarred } from '../../app/ports/fault.ts';
import { ANY_PROJECT, type Estate, type EstateProjects, type EstateQuestion } from '../../app/ports/estate.ts';
import { isRecord, type JsonRecord } from '../../core/values/json.ts';
import { boundedPages } from '../google/pages.ts';
import { googleRest, listIn, nextPageIn, type GoogleRest, type RestAdapterOptions } from '../google/rest.ts';
import { repeatedly, type Patience } from '../google/retry.ts';

export interface AssetInventoryOptions extends RestAdapterOptions {
  /** Where Cloud Asset Inventory is; at Google's own address without it. */
  readonly url?: string | undefined;
}

/** 400 searches a minute and project are let through, and this is one page after the other: a refusal is waited out. */
const PLAN = { attemptsMax: 5, waitMs: 1_000, waitMsMax: 16_000 };
/** The most that a page holds. */
const PAGE = '500';
const READ = 'name,assetType,project,state,additionalAttributes';

/**
 * `searchAllResources` of Cloud Asset Inventory, over REST: its client brings a second copy of Google's call library. Projects are
 * asked for together with what they hold, because only they tell the id that belongs to a number.
 */
export function assetInventory(options: AssetInventoryOptions): Estate & { close(): Promise<void> } {
  const { url, authClient, callMs, clock, random } = options;
  const title = 'Cloud Asset Inventory';
  const rest = googleRest({ title, url: url ?? 'https://cloudasset.googleapis.com', authClient, callMs });
  return {
    projects: (question) => projectsOf(rest, { clock, random, plan: PLAN }, question),
    close: () => rest.close(),
  };
}

async function projectsOf(rest: GoogleRest, patience: Patience, question: EstateQuestion): Promise<EstateProjects> {
  const found: JsonRecord[] = [];
  const ended = await attempt(async () => {
    for await (const page of boundedPages((token) => pageOf(rest, patience, question, token)))
      found.push(...page.filter(isRecord));
  });
  const projects = projectsIn(found, question.holding);
  if (!(ended instanceof Fault)) return { projects, notLooked: [], barred: false };
  return { projects, notLooked: [ended.message], barred: isBarred(ended) };
}

async function pageOf(
  rest: GoogleRest,
  patience: Patience,
  { scope, holding, chargedTo }: EstateQuestion,
  pageToken: string,
) {
  const asked = {
    doing: `search ${scope} for its projects`,
    permission: 'cloudasset.assets.searchAllResources',
    role: 'roles/cloudasset.viewer',
  };
  const query = {
    assetTypes: [...new Set([ANY_PROJECT, ...holding])],
    readMask: READ,
    pageSize: PAGE,
    ...(pageToken !== '' && { pageToken }),
  };
  const call = { method: 'GET', path: `/v1/${scope}:searchAllResources`, query, project: chargedTo } as const;
  const page = await repeatedly(patience, () => rest.ask(call, asked));
  return { items: listIn(page, 'results', asked), next: nextPageIn(page) };
}

/** One that is being deleted runs nothing and answers nobody. */
function projectsIn(found: readonly JsonRecord[], holding: readonly string[]): EstateProjects['projects'] {
  const isProject = ({ assetType }: JsonRecord): boolean => assetType === ANY_PROJECT;
  const told = found.filter(isProject);
  const ids = new Map(told.map((one) => [numberIn(one), idIn(one)]));
  const ending = new Set(told.filter(({ state }) => state === 'DELETE_REQUESTED').map(numberIn));
  const holders = found.filter(({ assetType }) => typeof assetType === 'string' && holding.includes(assetType));
  return [...new Set(holders.map(numberIn))].flatMap((number) =>
    number === '' || ending.has(number) ? [] : [{ number, id: ids.get(number) }],
  );
}

function numberIn({ project }: JsonRecord): string {
  return /^projects\/(\d+)$/.exec(String(project))?.[1] ?? '';
}

/** `//cloudresourcemanager.googleapis.com/projects/ID`, which holds the number in places; the attribute never does. */
function idIn({ name, additionalAttributes }: JsonRecord): string | undefined {
  const id = isRecord(additionalAttributes) ? additionalAttributes['projectId'] : undefined;
  const last = String(name).slice(String(name).lastIndexOf('/') + 1);
  if (typeof id === 'string' && id !== '') return id;
  return /^[a-z]/.test(last) ? last : undefined;
}
