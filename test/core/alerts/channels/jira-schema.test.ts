import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { jiraAlerts } from '../../../../src/core/alerts/channels/jira-service-management.ts';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { eventFor } from '../../../support/notices.ts';

/**
 * Atlassian publishes no schema of integration events. This is the table of fields in its paper
 * (developer.atlassian.com/cloud/jira/service-desk-ops/rest/v1/api-group-integration-events) with the bounds that Opsgenie’s Alert
 * API, of which they are the continuation, gave for the same names.
 */
const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const CREATE = {
  type: 'object',
  required: ['message', 'alias'],
  additionalProperties: false,
  properties: {
    message: text(130),
    alias: text(512),
    description: text(15_000),
    tags: { type: 'array', maxItems: 20, items: text(50) },
    details: { type: 'object', additionalProperties: { type: 'string' } },
    entity: text(512),
    source: text(100),
    priority: { enum: ['P1', 'P2', 'P3', 'P4', 'P5'] },
  },
};
const CLOSE = {
  type: 'object',
  additionalProperties: false,
  properties: { source: text(100), note: text(25_000) },
};

const ajv = new Ajv({ strict: true });
const [isCreate, isClose] = [ajv.compile(CREATE), ajv.compile(CLOSE)];

test.each(NOTICE_TYPES)('of %s Jira Service Management gets only fields that it knows, within their bounds', (type) => {
  for (const { path, body } of jiraAlerts(eventFor(type))) {
    const judge = path === '' ? isCreate : isClose;
    expect([judge(JSON.parse(JSON.stringify(body))), judge.errors]).toEqual([true, null]);
  }
});

test('and what it does not know, or has no room for, is seen', () => {
  expect(isCreate({ message: 'm', alias: 'a', severity: 'P1' })).toBe(false);
  expect(isCreate({ message: 'm'.repeat(131), alias: 'a' })).toBe(false);
  expect(isClose({ alias: 'a' })).toBe(false);
});
