type Api = Record<string, Record<string, string>>;
export function declared(): Promise<Api>;
export function agreed(): Api;
export function change(before: Api, after: Api): { level: "major" | "minor" | "none"; changes: string[] };
