export const books = [];
