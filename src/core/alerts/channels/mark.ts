/** How bad a message is, at a glance. */
export const MARK = { info: '🟢', warning: '🟡', error: '🟠', critical: '🔴' } as const;
