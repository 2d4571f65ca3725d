import { WEB_KINDS } from '../../src/core/alerts/channels/channel.ts';
import { CAUSES, isCause, newKeyHelps, type Cause } from '../../src/core/causes/causes.ts';
import { ON_CALL } from '../../src/core/causes/on-call.ts';
import { BY_HAND } from '../../src/core/causes/remedy-steps.ts';
import { AUDIENCES, stepText, toldStep, type Step } from '../../src/core/causes/step.ts';

import { IDENTITIES, OPERATOR, type Grant } from '../../src/core/google/permissions-of-deployment.ts';
import { ROTATION, type Cell } from '../../src/core/rotation/rotation.ts';
import { SLOTS, type SlotValues } from '../../src/core/values/command.ts';
import { POLICY_RULES } from '../../src/core/settings/policy-rules.ts';
import { SETTINGS } from '../../src/core/settings/settings.ts';

/** Names of blocks to what the code says for them. */
export type Blocks = Readonly<Record<string, () => string>>;

/** Replaces every generated block of a paper by what the code says now. */
export function withGenerated(paper: string, blocks: Blocks): string {
  return Object.entries(blocks).reduce((text, [name, print]) => {
    const block = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`, 'g');
    return text.replace(block, (_, open: string, close: string) => `${open}\n${print()}\n\n${close}`);
  }, paper);
}

/** The block of docs/causes.md: one row per cause. */
export function causesTable(): string {
  const rows = Object.entries(CAUSES).map(([cause, row]) => [
    `[\`${cause}\`](runbook.md#${row.runbook})`,
    row.verdict,
    row.title,
    isCause(cause) ? newKeyHelps(cause) : '',
    row.severity,
    isCause(cause) ? ON_CALL[cause].usersFeel : '',
    isCause(cause) ? wakes(ON_CALL[cause].wake) : '',
  ]);
  return table(['cause', 'verdict', 'what it is', 'a new key helps', 'severity', 'users feel', 'wake'], rows);
}

function wakes(wake: (typeof ON_CALL)[Cause]['wake']): string {
  return wake === 'nobody' ? 'nobody' : AUDIENCES[wake];
}

/** The README's number of causes, in the middle of a sentence. */
export function withCauseCount(readme: string): string {
  return readme.replace(/(?<=fails: )\d+(?= causes)/, String(Object.keys(CAUSES).length));
}

/** The block of docs/emulator.md: where each kind of channel can be sent to. */
export function receiversList(): string {
  return WEB_KINDS.map((kind) => `- \`/_receivers/${kind}/…\``).join('\n');
}

/** The blocks of docs/runbook.md: what users feel of each cause, what to do, and what proves that it is over. */
export const RUNBOOK_BLOCKS: Blocks = Object.fromEntries(
  Object.keys(CAUSES)
    .filter(isCause)
    .flatMap((cause) => [
      [cause, () => remedyList(cause)],
      [`on call ${cause}`, () => onCallOf(cause)],
      [`proved ${cause}`, () => `**Proved when.** ${ON_CALL[cause].provedWhen}.`],
    ]),
);

function onCallOf(cause: Cause): string {
  const { usersFeel, cureTakes, wake } = ON_CALL[cause];
  return `**Users feel.** ${usersFeel}. **A cure takes.** ${cureTakes}. **Wake.** ${wakes(wake)}.`;
}

/** Every slot as the word that stands for it; which kind of key it is about is not known. */
const ON_PAPER: SlotValues = { ...SLOTS, account: [] };

function remedyList(cause: Cause): string {
  const whose = ({ for: who }: Step) => (who === 'worker-operator' ? '' : ` _(${AUDIENCES[who]})_`);
  const remedy: readonly Step[] = CAUSES[cause].remedy;
  const isByHand = (step: Step) => BY_HAND.some((one) => one === step);
  const isWhole = BY_HAND.every((step) => remedy.includes(step));
  return remedy
    .filter(({ knows }) => knows === undefined)
    .filter((step) => !isWhole || !isByHand(step))
    .map((step) => (isWhole && step.also?.endsWith('by hand:') === true ? bySection(step) : step))
    .map((step, at) => `${at + 1}. ${stepText(toldStep(step, ON_PAPER))}${whose(step)}`)
    .join('\n');
}

/** The way by hand stands in the runbook once. */
function bySection(step: Step): Step {
  return { ...step, also: `${step.also?.replace(/by hand:$/, '')}[by hand](#by-hand).` };
}

/** The steps of that section. */
export function byHandList(): string {
  return BY_HAND.map((step, at) => `${at + 1}. ${stepText(toldStep(step, ON_PAPER))}`).join('\n');
}

/** The block of docs/rotation.md: one row per phase. */
export function rotationTable(): string {
  const rows = Object.entries(ROTATION).map(([phase, row]) => [
    phase,
    `${row.act}${row.leased ? ' 🔒' : ''}`,
    row.effect,
    row.done,
    row.refused,
    row.worn,
    row.because,
  ]);
  return table(
    ['phase', 'act', 'effect outside', 'done', 'refused', 'unsure too often', 'twice is safe because'],
    rows,
  );
}

/** The same table as a picture. */
export function rotationPicture(): string {
  const arrow = (from: string, to: Cell, label: string) =>
    to === 'held' ? [`  ${from} --> held: ${label}`] : to === from ? [] : [`  ${from} --> ${to}: ${label}`];
  const lines = Object.entries(ROTATION).flatMap(([phase, { act, done, refused }]) => [
    ...arrow(phase, done, act),
    ...arrow(phase, refused, `${act} refused`),
  ]);
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> resting', ...lines, '```'].join('\n');
}

/** The block of docs/reference/settings.md: one row per variable. */
export function settingsTable(): string {
  return table(
    ['variable', 'what it is for', 'without it', 'example'],
    Object.entries(SETTINGS).map(([name, { says, fallback, example }]) => [
      `\`${name}\``,
      says,
      fallback,
      `\`${example}\``,
    ]),
  );
}

/** The other block of docs/reference/settings.md: how far the policy of one secret may go. */
export function policyTable(): string {
  const lists = { keyProjects: 'KEY_WARDEN_PROJECTS', keyAccounts: 'KEY_WARDEN_KEY_ACCOUNTS' };
  return table(
    ['field', 'over the settings it may', 'because'],
    Object.entries(POLICY_RULES).map(([field, rule]) => [
      `\`${field}\``,
      'from' in rule ? `be chosen from \`${lists[rule.from]}\`` : rule.may,
      rule.because,
    ]),
  );
}

/** The block of docs/reference/identities.md: every permission under the identity that needs it. */
export function iamTable(): string {
  const lines = (grants: readonly Grant[]) => grants.map(({ needs, on, because }) => ['', `\`${needs}\``, on, because]);
  const rows = [
    ...Object.entries(IDENTITIES).flatMap(([identity, { runs, ifStolen, grants }]) => [
      [`**${identity}**`, runs.map((name) => `\`${name}\``).join(', '), '', `_stolen_: ${ifStolen}`],
      ...lines(grants),
    ]),
    [
      '**you**',
      'the command line',
      '',
      'has the worker do what writes, as an account among its callers, and looks with `secretmanager.secrets.list` and `secretmanager.secrets.get`; by hand (`--local`, or where no deployment is known) the same permissions as these, and for `doctor` three more; what `doctor --deployment` needs is [listed beside what it looks for](deployment.md#is-everything-there)',
    ],
    ...lines(OPERATOR),
  ];
  return table(['identity', 'runs, and needs', 'on', 'because it'], rows);
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
