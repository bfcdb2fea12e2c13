export interface Peak {
  readonly status: number | null;
  readonly written: number;
  readonly said: string;
  readonly seconds: number;
  readonly peak: number;
}
export declare const command: string;
export declare function block(): Uint8Array<ArrayBuffer>;
export declare function peakOf(args: readonly string[]): Promise<Peak>;
export declare function peaksOfRun(
  sizes: readonly number[],
  asArray?: boolean,
): Promise<(Peak & { size: number; bytes: number })[]>;
