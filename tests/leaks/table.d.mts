export interface Row {
  name: string;
  missing?: true;
  records: number;
  let: number;
  spoiled: number;
  leaks: { detector: string; form: string; record: string; out: string }[];
}
export function table(options?: { every?: number }): Promise<Row[]>;
