/** A control that parts of the report answer to, by the name that its framework gives it. */
export interface Control {
  readonly name: string;
  readonly asks: string;
  /** Parts of the report that answer. */
  readonly answeredBy: readonly ('keys' | 'rotations' | 'exceptions' | 'openLeaks')[];
}

/**
 * Only controls whose text was read or is widely published. Numbers of CIS differ by version, so the words stand beside them.
 * PCI DSS 3.7 is about keys that encrypt stored account data, which these are not.
 */
export const CONTROLS: readonly Control[] = [
  {
    name: 'PCI DSS v4.0.1 8.6.3',
    asks: 'credentials of applications are changed at the frequency of a targeted risk analysis (12.3.1), and when compromise is suspected',
    answeredBy: ['keys', 'rotations', 'openLeaks'],
  },
  {
    name: 'CIS Google Cloud Foundations “Ensure API Keys Are Rotated Every 90 Days” (1.15 in 3.0 and 4.0)',
    asks: 'no API key is older than 90 days',
    answeredBy: ['keys'],
  },
  {
    name: 'SOC 2 CC6.1',
    asks: 'credentials are managed from their issue to their end',
    answeredBy: ['keys', 'rotations'],
  },
  {
    name: 'SOC 2 CC7.2, CC7.3',
    asks: 'what goes wrong is seen and evaluated',
    answeredBy: ['openLeaks', 'exceptions'],
  },
];
