import type { Deployment } from '../../app/doctor/deployment/place.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { Stop } from '../show/terminal.ts';

/** How the command line names a deployment. */
export interface DeploymentOptions {
  /** Prefix of what the Terraform module made; `true` for the module's own. */
  readonly deployment?: string | true | undefined;
  readonly region?: string | undefined;
  /** Where its Scheduler jobs are, if not in `region`. */
  readonly schedulerRegion?: string | undefined;
}

const USUAL_NAME = 'key-warden';
/** As the module wants them: both become part of addresses. */
const NAME = /^[a-z][a-z0-9-]{2,18}[a-z0-9]$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;

/** The deployment to look at; `undefined` where none is asked for. Ends with code 2 where its place is not clear. */
export function whichDeployment({ projects }: Settings, options: DeploymentOptions): Deployment | undefined {
  const { deployment, region, schedulerRegion = region } = options;
  if (deployment === undefined) return undefined;
  const name = deployment === true ? USUAL_NAME : deployment;
  if (!NAME.test(name))
    throw new Stop(2, `${JSON.stringify(name)} is no name of a deployment: take the module’s input`);
  if (region === undefined || schedulerRegion === undefined)
    throw new Stop(2, 'a deployment is looked for in one place: add --region REGION');
  const wrong = [region, schedulerRegion].find((one) => !REGION.test(one));
  if (wrong !== undefined) throw new Stop(2, `${JSON.stringify(wrong)} is not a region: write it like europe-west1`);
  const [project, ...others] = projects;
  if (project === undefined || others.length > 0)
    throw new Stop(2, 'a deployment is looked for in the project that it runs in: name that one with --project');
  return { name, project, region, schedulerRegion };
}
