/** Commands that no guide shows. `<…>` stands for what is there. */
export const OTHERS = `streams deals
connections
settings
audit --limit 3
open runs
dbt build
dbt retry
dbt status
dbt failures <test>
dbt nodes
dbt show <node>
pause
resume
schedule
schedule set wrike --cron "0 6 * * 1-5" --zone Europe/Berlin --retries 2 --at-most tasks=3600
schedule set wrike --default --pause-after never
settings set PIPELINE_INTERVAL_SECONDS 86400
settings unset PIPELINE_INTERVAL_SECONDS
alerts add team https://127.0.0.1:9/nobody --kind webhook --only failed_stream
alerts list
alerts set <channel> --off
alerts test <channel>
alerts remove <channel> --yes
incidents --open
cycles --limit 2
show <run>
batches <run> --limit 5
stream show hubspot.deals
stream columns hubspot.deals
stream changes hubspot.deals
stream days hubspot.deals
stream preview hubspot.deals
connection show hubspot
connection remove nothing --expect nothing
sources
whoami
session list
session end 0123456789abcdef
token create temporary
token list
runs --limit 2
logs --level info
dead show <letter>
dead skip <letter> --expect <letter>
dead discard <letter> --expect <letter>
completion bash
__complete state get`;

/** Commands whose response is looked at with `--json`. */
export const WITH_JSON = `status
runs
streams
connections
settings
audit
token list
dead list
quarantine list
dbt status
doctor
state get hubspot.deals
state history hubspot.deals
schedule
alerts list
incidents
cycles
sources
whoami
session list
dbt nodes
stream show hubspot.deals
stream columns hubspot.deals
connection show hubspot
pause wrike
resume wrike
export
export connections.yml
apply connections.yml
check hubspot
open`;

const DONE = [0];
/** What a command of a guide may end with besides: that depends on what runs just then, and the guide says so. */
const OUTCOMES: [start: string, codes: (number | null)[]][] = [
  ['status', [0, 3, 130]],
  ['doctor', [0, 3]],
  ['logs -f', [0, 130]],
  // The run is over, or nothing failed in it.
  ['--yes cancel', [0, 6]],
  ['retry', [0, 6]],
  // Its attempt is over; the scheduler still leads.
  ['dead replay', [0, 6]],
  ['dead skip', [0, 6]],
  // It was not stopped because of new columns.
  ['--yes allow-columns', [0, 6]],
  // Nothing failed.
  ['dbt retry', [0, 6]],
  ['dbt failures', [0, 2, 6]],
  ['restore', [1]],
  // A variable may set it.
  ['settings set', [0, 6]],
  ['settings unset', [0, 6]],
  // Nobody listens there.
  ['alerts test', [1]],
  // There is none of that name, and no browser is logged in.
  ['connection remove', [2]],
  ['session end', [2]],
];

/** The exit codes with which this command may end. */
export function expectedCodes(line: string): (number | null)[] {
  return OUTCOMES.find(([start]) => line.startsWith(start))?.[1] ?? DONE;
}
