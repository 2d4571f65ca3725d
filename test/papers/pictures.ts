import { pagePicture } from './page-picture.ts';
import { scene } from './scene.ts';
import { slackPicture } from './slack-picture.ts';
import { svgOf } from './svg.ts';
import { terminalPicture } from './terminal-picture.ts';

/** The pictures of the README, drawn from what the worker and the command line really said: path to SVG. */
export async function pictures(): Promise<Readonly<Record<string, string>>> {
  const { slack, status } = await scene();
  return {
    'docs/pictures/slack-alert.svg': svgOf(slackPicture(slack)),
    'docs/pictures/page.svg': pagePicture(),
    'docs/pictures/status.svg': svgOf(terminalPicture('key-warden status', status)),
  };
}
