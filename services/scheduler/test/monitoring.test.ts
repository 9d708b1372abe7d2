import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from '@pipeline/service';
import { parse } from 'yaml';
import { z } from 'zod';
import { createDefects } from '../../../libs/service/src/defects.ts';
import { addReadinessMetric } from '../../../libs/service/src/readiness-metric.ts';
import { tapMetrics } from '../../../libs/tap-kit/src/service/tap-metrics.ts';
import { createMetrics } from '../../loader/src/metrics.ts';
import { addMetrics } from '../src/metrics.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, 'docker/monitoring', path), 'utf8');

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ summary: z.string() }) })),
    }),
  ),
});
const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});
const Scrapes = z.object({
  scrape_configs: z.array(z.object({ dns_sd_configs: z.array(z.object({ names: z.array(z.string()) })) })),
});
const Compose = z.object({ services: z.record(z.string(), z.object({ profiles: z.array(z.string()).optional() })) });

/** The names that the services' own code exports, with those that a histogram adds. */
function metricNames(): Set<string> {
  const registry = new Registry();
  const pool = { query: () => Promise.reject(new Error('no database')) };
  addMetrics(registry, { pool: pool as never, alerts: async () => [] });
  createMetrics(registry);
  tapMetrics(registry);
  createDefects(registry);
  addReadinessMetric(registry, { failing: () => [] } as never);
  return new Set(
    registry.getMetricsAsArray().flatMap(({ name }) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]),
  );
}

const used = (expr: string) => expr.match(/\b(pipeline|loader|tap|service)_\w+/g) ?? [];

describe('the files of the profile monitoring', () => {
  const rules = Rules.parse(parse(read('alerts.yml'))).groups.flatMap((group) => group.rules);
  const dashboard = Dashboard.parse(JSON.parse(read('grafana/dashboards/pipeline.json')));
  const panels = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

  it.each([...rules.map(({ alert, expr }) => [alert, expr]), ...panels.map(({ title, expr }) => [title, expr])])(
    '%s is made of metrics that there are',
    (_, expr = '') => {
      const names = metricNames();
      expect(used(expr).length).toBeGreaterThan(0);
      expect(used(expr).filter((name) => !names.has(name))).toEqual([]);
    },
  );

  it('look at every service that compose starts', () => {
    const scraped = Scrapes.parse(parse(read('prometheus.yml'))).scrape_configs.flatMap(({ dns_sd_configs }) =>
      dns_sd_configs.flatMap(({ names }) => names),
    );
    const compose = Compose.parse(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }));
    const own = Object.keys(compose.services).filter((name) => /^(scheduler|loader|dbt-runner|tap-.+)$/.test(name));
    expect(scraped.sort()).toEqual(own.sort());
    expect(compose.services['prometheus']?.profiles).toEqual(['monitoring']);
    expect(compose.services['grafana']?.profiles).toEqual(['monitoring']);
  });
});
