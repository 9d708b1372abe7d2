import type { Protection } from './protection.ts';

/** Of the control schema and of dbt builds. */
export const control: Protection[] = [
  {
    protection: 'the fence locks the task (`FOR SHARE`)',
    file: 'libs/control/test/fence.integration.test.ts',
    test: 'lets no batch of an old epoch commit after the new claim',
    mutation: 'leaks without FOR SHARE (mutation)',
  },
  {
    protection: 'mostly rejected is no success',
    file: 'libs/control/test/finalise.integration.test.ts',
    test: 'fails at once, says how many, and moves no bookmark',
    mutation: 'would be a success whose bookmark has passed them without the rule (mutation)',
  },
  {
    protection: 'an operator ends the live attempt',
    file: 'libs/control/test/operator.integration.test.ts',
    test: 'ends the attempt, so that its finaliser cannot write the old bookmark back',
    mutation: 'loses it again when the attempt is left alone (mutation)',
  },
  {
    protection: 'a service that cannot say that it waits is seen by its silence',
    file: 'libs/control/test/alerts.integration.test.ts',
    test: 'say that a service is silent while there is work for it, and so does the run',
    mutation: 'would say nothing of a service that is cut off if only what services say were shown (mutation)',
  },
  {
    protection: 'batches that a loader holds back are not lost',
    file: 'libs/control/test/watchdog.integration.test.ts',
    test: 'takes no batch for lost while a loader says that it holds batches of the run back',
    mutation: 'would take them for lost if the loader said nothing (mutation)',
  },
  {
    protection: 'claims of a dbt build take turns',
    file: 'libs/control/test/dbt-runs.integration.test.ts',
    test: 'assigns a build to exactly one of many runners that ask at the same time',
    mutation: 'would assign it to several if claims did not lock (mutation)',
  },
  {
    protection: 'one dbt build of a target (`one_running_dbt_run` and its lease)',
    file: 'services/dbt-runner/test/replicas.integration.test.ts',
    test: 'builds one at a time, whoever of them is killed',
    mutation: 'undoes a build with the next when the two do not know of each other (mutation)',
  },
  {
    protection: 'finalise has a transaction of its own, after the commit',
    file: 'libs/control/test/finalise.integration.test.ts',
    test: 'finalises every attempt',
    mutation: 'leaves attempts hanging when the last batch decides inside its own transaction (mutation)',
  },
];
