export const delivering = [];
