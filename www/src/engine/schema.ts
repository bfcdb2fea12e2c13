/** The JSON Schema of policies, for an editor that completes by it; fetched when it is first asked for. */
export const policySchema = async (): Promise<object> => (await import("logweir/policy.schema.json")).default;
