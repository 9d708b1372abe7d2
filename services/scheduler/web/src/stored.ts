import { effect, type Signal, signal } from '@preact/signals';

/** A setting of this browser. Where storage is off, it lasts as long as the page. */
export function stored<Value extends string | boolean>(name: string, initial: Value): Signal<Value> {
  const key = `pipeline.${name}`;
  const setting = signal(initial);
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (typeof saved === typeof initial) setting.value = saved as Value;
  } catch {}
  effect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(setting.value));
    } catch {}
  });
  return setting;
}
