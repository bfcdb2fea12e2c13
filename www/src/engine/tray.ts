// Tray's connectors are services of others, and helpers of the platform's own; an event tells only their names.

/** The platform's own: its triggers, its control of what happens, and what works on data within it. */
const helpers =
  /^((\w+-)*helpers?|script|python|boolean-condition|branch|loop(-\w+)*|break-loop|delay|terminate|trigger(-\w+)*|webhook|scheduled?(-\w+)*|manual(-\w+)*|alerting(-\w+)*|call-workflow|callable(-\w+)*|form-trigger|http-client|graphql-client|data-storage|data-mapper|object-mapper|storage|csv(-\w+)*|json(-\w+)*|xml(-\w+)*|text(-\w+)*|math(-\w+)*|list(-\w+)*|object(-\w+)*|date(-\w+)*|file(-\w+)*|encryption(-\w+)*|crypto(-\w+)*|uuid(-\w+)*|jwt(-\w+)*|email(-trigger|-send)?|merge|fire-and-forget)$/;

export const isHelper = (connector: string): boolean => helpers.test(connector);
