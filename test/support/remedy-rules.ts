import type { Step } from '../../src/core/causes/step.ts';
import { shellText } from '../../src/core/values/command.ts';

/** The commands of ours and of gcloud that change nothing, by their first words. */
const LOOKING = [
  'key-warden check',
  'key-warden status',
  'key-warden doctor',
  'key-warden explain',
  'gcloud secrets list',
  'gcloud secrets versions list',
  'gcloud services api-keys list',
  'gcloud services api-keys describe',
  'gcloud iam service-accounts list',
  'gcloud projects describe',
  'gcloud billing projects describe',
  'gcloud compute addresses list',
  'dig ',
  'curl -sS -o /dev/null',
] as const;

/** Those that take something away, by their first words. */
const DESTROYING = ['gcloud services api-keys delete', 'gcloud services api-keys update'] as const;

/** What is wrong with a remedy as data, a sentence each. */
export function wrongIn(remedy: readonly Step[]): readonly string[] {
  return remedy.flatMap((step, at) => {
    const line = step.command === undefined ? '' : shellText(step.command, {});
    const starts = (list: readonly string[]) => list.some((words) => line.startsWith(words));
    const finds = (slot: Step['finds']) => remedy.slice(0, at).some((earlier) => earlier.finds === slot);
    return [
      ...(step.destroys !== undefined && remedy.slice(at + 1).some(({ looks }) => looks !== true)
        ? [`“${step.do}” destroys something and is not last`]
        : []),
      ...(line !== '' && (step.looks === true) !== starts(LOOKING)
        ? [`whether “${step.do}” only looks is not what \`${line}\` does`]
        : []),
      // A command that names all of what it replaces takes nothing away.
      ...(starts(DESTROYING) && step.destroys === undefined && step.knows === undefined
        ? [`“${step.do}” destroys something and does not say so`]
        : []),
      ...(line.includes('KEY_PROJECT_ID') && !finds('keyProject')
        ? [`no step before “${step.do}” finds the key’s project`]
        : []),
      ...(['`key-warden ', '`gcloud ', '`printf %s "', '`curl '].some((words) => step.do.includes(words))
        ? [`“${step.do}” holds a command among its words`]
        : []),
    ];
  });
}
