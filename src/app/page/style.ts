import { markup } from './markup.ts';

/** All that the page looks like. Light or dark as the reader’s system is, and one column where there is no room for a table. */
export const STYLE = markup`
:root {
  color-scheme: light dark;
  --ground: #fdfdfc; --raised: #f5f5f3; --ink: #1c1f23; --quiet: #5b626b; --line: #e2e3e1;
  --bad: #ad2418; --doubt: #85590a; --going: #1659a5; --well: #2b6b43; --well-bar: #b9d3c2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171a; --raised: #1d2024; --ink: #e7e8ea; --quiet: #a2a9b2; --line: #2f3338;
    --bad: #ff8f85; --doubt: #e0b252; --going: #82b7f5; --well: #7cc496; --well-bar: #35543f;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
header, main, footer { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
footer { padding-top: 24px; padding-bottom: 48px; color: var(--quiet); font-size: 13px; }
h1 { margin: 0; font-size: 13px; font-weight: 600; letter-spacing: 0.04em; color: var(--quiet); }
h2 { margin: 0 0 14px; font-size: 17px; font-weight: 600; }
.lead { margin: 4px 0 2px; font-size: 28px; line-height: 1.25; font-weight: 600; letter-spacing: -0.012em; text-wrap: balance; }
p, ol, ul, dl, dd { margin: 0; }
ol, ul { padding: 0; list-style: none; }
section { padding-top: 36px; }
header + main > section:first-child { padding-top: 22px; }
b { font-weight: 600; }
a { color: inherit; text-decoration-color: var(--quiet); text-decoration-thickness: 1px; text-underline-offset: 3px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--going); outline-offset: 2px; border-radius: 3px; }
code { font: 0.93em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.quiet, .why { color: var(--quiet); }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 16px; top: -4rem; padding: 8px 14px; background: var(--raised); border-radius: 6px; }
.skip:focus { top: 10px; }
.bad { --tone: var(--bad); } .doubt { --tone: var(--doubt); } .going { --tone: var(--going); } .well { --tone: var(--well); }
.state { color: var(--tone); font-weight: 600; }

.share { display: block; width: 100%; border-radius: 5px; }
.share rect { fill: var(--tone); stroke: var(--ground); stroke-width: 1; }
.share .well { fill: var(--well-bar); }
.totals { display: flex; flex-wrap: wrap; gap: 4px 24px; margin-top: 12px; }
.totals li { color: var(--tone); }
.notes { margin-top: 16px; display: grid; gap: 6px; }
.notes li { padding: 8px 14px; border-left: 3px solid var(--tone, var(--line)); background: var(--raised); border-radius: 0 6px 6px 0; overflow-wrap: anywhere; }

.timeline { display: grid; gap: 0; }
.timeline svg { display: block; width: 100%; overflow: visible; }
.axis { font-size: 12px; fill: var(--quiet); }
.axis text { text-anchor: middle; } .axis .first { text-anchor: start; } .axis .last { text-anchor: end; }
.timeline li { display: grid; grid-template-columns: minmax(0, 38%) minmax(0, 1fr); column-gap: 24px; align-items: center; padding: 9px 0; border-top: 1px solid var(--line); }
.timeline li p { overflow-wrap: anywhere; }
.timeline li p.quiet { grid-column: 1; font-size: 13px; }
.timeline li svg { grid-column: 2; grid-row: 1 / span 2; }
.timeline li rect { fill: var(--tone); }
.timeline li circle { fill: var(--ground); stroke: var(--tone); stroke-width: 2; }
.timeline line { stroke: var(--line); }
.axis { margin-left: calc(38% + 24px); max-width: calc(62% - 24px); }

.diagram svg { display: block; width: 100%; font-size: 13px; }
.diagram .tall { display: none; max-width: 340px; margin: 0 auto; }
.diagram rect { fill: var(--raised); stroke: var(--line); stroke-width: 1.25; }
.diagram text { text-anchor: middle; fill: var(--ink); }
.diagram .phase { font-weight: 600; }
.diagram .empty text { fill: var(--quiet); font-weight: 400; }
.diagram .empty rect { fill: var(--ground); }
.diagram .busy rect { fill: var(--going); stroke: var(--going); }
.diagram .stuck rect { fill: var(--bad); stroke: var(--bad); }
.diagram .busy text, .diagram .stuck text { fill: var(--ground); }
.diagram polyline { fill: none; stroke: var(--quiet); stroke-width: 1.25; }
.diagram .refused { stroke-dasharray: 3 4; }
.diagram .tip { fill: var(--quiet); }
.diagram .act { fill: var(--quiet); font-size: 11.5px; }
.diagram .beside { text-anchor: start; }
.legend { margin: 10px 0 4px; font-size: 13px; }
.flights li { padding: 9px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.flights p.quiet { font-size: 13px; }

table { width: 100%; border-collapse: collapse; text-align: left; }
thead th { position: sticky; top: 0; z-index: 1; padding: 8px 16px 8px 0; background: var(--ground); color: var(--quiet); font-size: 13px; font-weight: 500; box-shadow: inset 0 -1px var(--line); white-space: nowrap; vertical-align: bottom; }
td, tbody th { padding: 7px 16px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
tbody th { font-weight: 500; min-width: 11em; }
td { white-space: nowrap; }
td.health { white-space: normal; min-width: 13em; }
td:last-child { padding-right: 0; }
.group th { padding: 20px 0 6px; font-weight: 600; color: var(--tone); }
.dot { display: inline-block; width: 9px; height: 9px; margin-right: 8px; border-radius: 50%; background: var(--tone); }
.why { font-size: 13px; }

details { border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 41px; }
summary { padding: 8px 0; cursor: pointer; overflow-wrap: anywhere; }
details ol { padding: 0 0 12px 16px; scroll-margin-top: 5rem; }
details li { padding: 8px 0; overflow-wrap: anywhere; }
details dl { display: grid; grid-template-columns: 5em minmax(0, 1fr); font-size: 13px; }
dt { color: var(--quiet); }

@media (max-width: 820px) {
  header, main, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 24px; }
  .lead { font-size: 23px; }
  .diagram .wide { display: none; }
  .diagram .tall { display: block; }
  .timeline li { grid-template-columns: minmax(0, 1fr); row-gap: 4px; }
  .timeline li svg { grid-column: 1; grid-row: auto; }
  .axis { margin-left: 0; max-width: none; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td, tbody th { display: block; }
  td, tbody th { border: 0; padding: 0; min-width: 0; }
  tbody tr { padding: 10px 0; border-bottom: 1px solid var(--line); }
  td:not(.health) { display: inline-block; margin-right: 12px; color: var(--quiet); font-size: 13px; white-space: normal; }
  td.checked::before { content: "checked "; }
  td.reads::before { content: "reads "; }
  td.kind::before { content: "key "; }
  td.age::before { content: "age "; }
  td.due::before { content: "next "; }
  td.last::before { content: "rotated "; }
  tbody tr.group { padding: 18px 0 4px; border: 0; }
  .group th { padding: 0; }
}
@media (forced-colors: active) {
  .share rect, .timeline li rect { fill: CanvasText; }
  .dot { border: 5px solid CanvasText; }
}
@media print {
  details::details-content { content-visibility: visible; }
  .skip { display: none; }
}
`;
