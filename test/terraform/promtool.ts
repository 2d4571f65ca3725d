import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Alarm } from './queries.ts';

/** A story of one series or more, in promtool's notation, one value a minute, and what the alarm makes of it. */
export interface Story {
  readonly title: string;
  readonly series: Readonly<Record<string, string>>;
  readonly atMinute: number;
  readonly fires: boolean;
}

/** Whether stories can be tried; where not, that is said once and loudly. */
export function promtoolIsInstalled(what: string): boolean {
  if (spawnSync('promtool', ['--version']).status === 0) return true;
  process.stderr.write(`NOT RUN: ${what}, because promtool is not installed (it comes with prometheus)\n`);
  return false;
}

/** Asks promtool whether the story comes true. Its files are YAML, which JSON is. */
export function told(name: string, { query, waitSeconds }: Alarm, story: Story): string {
  const folder = mkdtempSync(join(tmpdir(), 'promql-'));
  try {
    const rules = { groups: [{ name: 'g', rules: [{ alert: name, expr: query, for: `${waitSeconds}s` }] }] };
    const unit = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(story.series).map(([key, values]) => ({ series: key, values })),
          // The alert's labels are the grouped ones, so it is asked how many fire.
          promql_expr_test: [
            {
              expr: `count(ALERTS{alertname="${name}",alertstate="firing"}) or vector(0)`,
              eval_time: `${story.atMinute}m`,
              exp_samples: [{ labels: '{}', value: story.fires ? 1 : 0 }],
            },
          ],
        },
      ],
    };
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify(rules));
    writeFileSync(join(folder, 'test.yml'), JSON.stringify(unit));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? 'as told' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
