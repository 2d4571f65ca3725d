import { JOB_ENDINGS } from '../deployed-parts.ts';
import { LOOKS } from './looks.ts';
import { identitiesOf } from './identity-rows.ts';
import { functionsOf, memberOf, type Deployment } from './place.ts';
import { agentOf, NO_NUMBER } from './project-rows.ts';
import { APPLY, type Rows } from './row.ts';
import { grants, textIn, unseen, type Flaw, type Sighted } from './sighted.ts';

/** Topics, by the end of their names. */
export const TOPICS = ['alerts', 'deliveries', 'dead-letters', 'secret-events'] as const;

/** Topics whose messages are pushed to a function. */
export const PUSHED = ['alerts', 'deliveries', 'secret-events'] as const;

/** Who announces where. */
export const PUBLISHERS = [
  ['checker', 'alerts'],
  ['rotator', 'alerts'],
  ['listener', 'alerts'],
  ['finder', 'alerts'],
  ['reacher', 'alerts'],
  ['surveyor', 'alerts'],
  ['notifier', 'deliveries'],
  ['notifier', 'dead-letters'],
] as const;

const PUBLISHER = 'roles/pubsub.publisher';

/** What reaches the functions: topics, subscriptions, schedules. */
export const EVENT_ROWS: Rows = {
  'google_pubsub_topic.worker': {
    title: 'topics',
    shownBy: ['topic'],
    mend: APPLY,
    find: (place, see) =>
      TOPICS.map((topic) => see(`topic ${place.name}-${topic}`, LOOKS.topic(topicOf(place, topic)))),
  },
  'google_pubsub_topic_iam_member.publisher': {
    title: 'who may announce',
    shownBy: ['topicPolicy'],
    mend: APPLY,
    find: (place, see) =>
      PUBLISHERS.filter(([identity]) => identitiesOf(place).includes(identity)).map(([identity, topic]) =>
        see(
          `policy of ${place.name}-${topic}`,
          LOOKS.topicPolicy(topicOf(place, topic)),
          grants(PUBLISHER, memberOf(place, identity)),
        ),
      ),
  },
  'google_pubsub_topic_iam_member.secret_events': agentMayPublish('Secret Manager', 'secretmanager', 'secret-events'),
  'google_pubsub_topic_iam_member.dead_letters': agentMayPublish('Pub/Sub', 'pubsub', 'dead-letters'),
  'google_pubsub_subscription.push': {
    title: 'subscriptions that push',
    shownBy: ['subscription'],
    mend: APPLY,
    find: (place, see) =>
      PUSHED.map((topic) =>
        see(
          `subscription ${place.name}-${topic}-push`,
          LOOKS.subscription(subscriptionOf(place, `${topic}-push`)),
          attachedTo(topicOf(place, topic)),
        ),
      ),
  },
  'google_pubsub_subscription.dead_letters': {
    title: 'subscription of dead letters',
    shownBy: ['subscription'],
    mend: APPLY,
    find: (place, see) => [
      see(
        `subscription ${place.name}-dead-letters`,
        LOOKS.subscription(subscriptionOf(place, 'dead-letters')),
        attachedTo(topicOf(place, 'dead-letters')),
      ),
    ],
  },
  'google_pubsub_subscription_iam_member.dead_letters': {
    title: 'who puts dead letters aside',
    shownBy: ['subscriptionPolicy'],
    mend: APPLY,
    find: (place, see) =>
      PUSHED.map((topic): Promise<Sighted> => {
        const name = `policy of ${place.name}-${topic}-push`;
        const agent = agentOf(place, 'pubsub');
        if (agent === undefined) return unseen(name, `names an agent that ${NO_NUMBER}`);
        const look = LOOKS.subscriptionPolicy(subscriptionOf(place, `${topic}-push`));
        return see(name, look, grants('roles/pubsub.subscriber', agent));
      }),
  },
  'google_cloud_scheduler_job.worker': {
    title: 'jobs of Cloud Scheduler',
    shownBy: ['job'],
    mend: ([job = ''], { project, schedulerRegion }) =>
      `${APPLY}; a paused one: gcloud scheduler jobs resume ${job.replace('job ', '')} --location=${schedulerRegion} --project=${project}`,
    find: (place, see) => {
      const { project, name, schedulerRegion } = place;
      const made = functionsOf(place);
      return JOB_ENDINGS.filter((ending) => made.includes(ending)).map((ending) =>
        see(`job ${name}-${ending}`, LOOKS.job(project, schedulerRegion, `${name}-${ending}`), runs),
      );
    },
  },
};

function agentMayPublish(whose: string, api: 'pubsub' | 'secretmanager', topic: (typeof TOPICS)[number]): Rows[string] {
  return {
    title: `whether ${whose} may publish to ${topic}`,
    shownBy: ['topicPolicy'],
    mend: APPLY,
    find: (place, see) => {
      const name = `policy of ${place.name}-${topic}`;
      const agent = agentOf(place, api);
      if (agent === undefined) return [unseen(name, `names an agent that ${NO_NUMBER}`)];
      return [see(name, LOOKS.topicPolicy(topicOf(place, topic)), grants(PUBLISHER, agent))];
    },
  };
}

function topicOf({ project, name }: Deployment, topic: (typeof TOPICS)[number]): string {
  return `projects/${project}/topics/${name}-${topic}`;
}

function subscriptionOf({ project, name }: Deployment, ending: string): string {
  return `projects/${project}/subscriptions/${name}-${ending}`;
}

/** One whose topic was deleted stays, attached to nothing. */
function attachedTo(topic: string): Flaw {
  return (subscription) => {
    const attached = textIn(subscription, 'topic');
    return attached === topic ? undefined : `is attached to ${attached}, not to ${topic}`;
  };
}

const runs: Flaw = (job) => {
  const state = textIn(job, 'state');
  return state === 'ENABLED' ? undefined : `is ${state}: it does not run`;
};
