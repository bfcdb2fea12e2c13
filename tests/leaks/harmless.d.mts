export function harmless(options: {
  events: number;
  seed?: number;
}): Promise<{ found: number; wrong: string[] }>;
