// The organizations whose events are told: each with its people, workflows and ids on every platform.
import { Cast } from "./cast.js";
import { address, browsers, libraries, type Person, person } from "./people.js";
import type { Random } from "./random.js";

const companies = [
  "Kestrel Outfitters",
  "Brightwater Clinic",
  "Nordlicht Verlag",
  "Café Aurélie",
  "Halcyon Freight",
  "Juniper & Vale",
  "Oriente Textil",
  "Sable Robotics",
];
const projects = ["CRM", "Finance", "People", "Shop", "Support", "Returns"];
const recipes = [
  "Nightly contact sync",
  "FUN-003 | Post invoice",
  "New hire to directory",
  "Überweisungen abgleichen",
  "Order to ledger",
  "Close stale tickets",
];
export const integrations = ["googledrive", "salesforce", "hubspot", "sharepoint", "notion", "zendesk"];
export const models = ["files", "contacts", "tickets", "deals"];

export interface Organization {
  readonly people: readonly Person[];
  readonly cast: Cast;
}

/** The ids of a job: `j-`, eight letters, six letters, and the form's mark. */
export const jobId = (random: Random): string => `j-${random.key(8)}-${random.key(6)}-B6`;

const id = (random: Random) => String(random.int(1_000_000, 9_999_999));

/** As many organizations as there are names. */
export const organizations = (random: Random): Organization[] =>
  random.shuffle([...companies]).map((name) => organization(name, random));

function organization(name: string, random: Random): Organization {
  const people = Array.from({ length: 6 }, () => person(random));
  const account = random.int(20_000, 90_000);
  const env = random.pick(["dev", "test", "prod", "prod"]);
  const uuid = () => random.uuid();
  const cast = Cast.of({
    "client.ip": address(random),
    "client.browser": random.pick(browsers),
    "client.library": random.pick(libraries),
    "salesforce.account": `0014x00000${random.key(5)}`,
    "salesforce.contact": `0034x00000${random.key(5)}`,
    "order.number": `K-${random.int(10_000, 99_999)}`,
    "record.id": random.hex(3),
    // Tray
    "org.uuid": uuid(),
    "workflow.uuid": uuid(),
    "run.uuid": uuid(),
    "solution.uuid": uuid(),
    "instance.uuid": uuid(),
    "source.uuid": uuid(),
    "correlation.uuid": uuid(),
    "error.uuid": uuid(),
    "error.message": "Step timed out",
    "error.type": "internal",
    "step.uuid": uuid(),
    "step.name": "script-1",
    "step.title": "Sort the rows",
    "step.connector": "script",
    "step.version": "3.4",
    "step.operation": "execute",
    "step.input": "{}",
    "step.output": "{}",
    "audit.authentication": "AuthenticationCreated",
    "audit.organization": "OrganizationSettingsUpdated",
    "audit.second_factor": "2FAEnabled",
    "audit.service": "ServiceCreated",
    "audit.step": "WorkflowStepCreated",
    "audit.user": "UserOrganizationRoleChanged",
    "audit.workflow": "WorkflowCreated",
    // Paragon
    "project.uuid": uuid(),
    "persona.uuid": uuid(),
    "enduser.id": `user-${random.int(1000, 9999)}`,
    "credential.uuid": uuid(),
    "config.uuid": uuid(),
    "integration.uuid": uuid(),
    "webhook.uuid": uuid(),
    "trace.uuid": uuid(),
    "subscription.uuid": uuid(),
    "app_event.uuid": uuid(),
    "app_event.name": random.pick(["Invoice Paid", "Contact Created", "Order Shipped", "Ticket Closed"]),
    "sync.uuid": uuid(),
    "sync.integration": random.pick(integrations),
    "sync.model": random.pick(models),
    "sync.records": String(random.int(1, 5000)),
    "sync.seconds": "1.0",
    // Workato
    "account.id": String(account),
    "account.name": name,
    "account.team": `${name.split(" ")[0]} Operations`,
    "account.email": `ops${random.int(1, 99)}@example.org`,
    "account.external": `tenant-${random.int(1000, 9999)}`,
    "env.id": String(env === "dev" ? account : account + 1),
    "env.type": env,
    "hq.id": String(random.int(10_000, 19_999)),
    "hq.name": `${name.split(" ")[0]} Group`,
    "project.id": String(random.int(10_000, 99_999)),
    "project.name": random.pick(projects),
    "deployment.id": id(random),
    "job.root": jobId(random),
    "job.function": jobId(random),
    "job.deep": jobId(random),
    "job.repeat": jobId(random),
    "job.status": jobId(random),
    "job.skill": jobId(random),
    "job.api": jobId(random),
    "job.number": String(random.int(100_000_000, 999_999_999)),
    "recipe.root": id(random),
    "recipe.function": id(random),
    "recipe.deep": id(random),
    "recipe.status": id(random),
    "recipe.skill": id(random),
    "recipe.api": id(random),
    "recipe.name": random.pick(recipes),
    "log.message": "Nothing to do",
    "log.sequence": "1",
    "log.warning": "Contact without a name",
    "api.client": random.pick(["Warehouse", "Storefront", "Partner portal", "ERP"]),
    "api.collection": "Orders",
    "api.endpoint": "/orders-v1/orders/{number}",
    "agent.name": `plant-agent-${random.int(1, 9)}`,
    "agent.id": String(random.int(10_000, 99_999)),
    "agent.group": "plant",
    "agent.message": "Database profile reloaded.",
    "lcap.app": random.key(20),
    "pipeline.id": `dpr-${random.key(8)}-${random.key(6)}-B6`,
    "pipeline.run": uuid(),
    "pipeline.sync": uuid(),
    "pipeline.object": random.pick(["orders", "customers", "invoices", "stock_levels"]),
    "pipeline.duration": "11 seconds",
    // Genie
    "enduser.key": random.key(22),
    "genie.id": String(random.int(1000, 9999)),
    "genie.handle": `gin-${random.key(8)}-${random.key(6)}-B2`,
    "genie.run": uuid(),
    "genie.instruction": "You help the staff of an outdoor shop.",
    "genie.question": "Where do I return a wet tent?",
    "genie.query": "Return of a wet tent",
    "genie.topic": "Returns of wet goods",
    "genie.manual": "Shop manual",
    "genie.passage": "Wet goods go to the drying room first.",
    "genie.summary": "A return of a wet tent; not urgent.",
    "skill.name": "Open return",
    "skill.description": "Use this to open a return. Ask for the order number.",
    "skill.announcement": "I am opening the return for you.",
    "skill.confirmation": "Return opened for",
    "conversation.id": `conversation-01${random.base32(24)}`,
    "request.id": `00-${random.hex(16)}-${random.hex(8)}-01`,
    "llm.first": uuid(),
    "llm.last": uuid(),
    "tool.builtin": `tooluse_${random.key(22)}`,
    "tool.external": `tooluse_${random.key(22)}`,
  });
  return { people, cast };
}
