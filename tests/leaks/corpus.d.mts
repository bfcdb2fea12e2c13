export interface Leak {
  detector: string;
  form: string;
  record: string;
  values: string[];
}
export function leaks(): Iterable<Leak>;
export function survives(values: readonly string[], text: string): boolean;
