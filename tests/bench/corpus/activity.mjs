// Workato user activity, and the wrappers that a custom log message puts around events: the event as an object, and its
// twin as JSON text inside a string.

const KINDS = [
  ["user_login", "User"],
  ["user_logout", "User"],
  ["recipe_started", "Flow"],
  ["recipe_stopped", "Flow"],
  ["recipe_updated", "Flow"],
  ["recipe_renamed", "Flow"],
  ["folder_created", "Folder"],
  ["team_invitation_created", "MemberInvitation"],
  ["team_membership_deleted", "ManagedUserGrant"],
  ["connection_updated", "SharedAccount"],
  ["package_exported", "Package"],
  ["connector_updated", "Adapter"],
];

function resource(c, type) {
  const { r, v } = c;
  switch (type) {
    case "User":
      return {
        email_confirmed_at: v.spaced().replace("UTC", "-0800"),
        name: v.name(),
        id: v.id(),
        type,
        email: v.mail(),
      };
    case "MemberInvitation":
      return { role: "Admin", name: v.name(), id: v.id(), type, email: v.mail() };
    case "ManagedUserGrant":
      return {
        role: "Operator",
        grant_type: "team",
        member: { name: v.name(), id: v.id(), type: "User", email: v.mail() },
        id: v.id(),
        type,
      };
    case "SharedAccount":
      return {
        provider: r.pick(["postgresql", "asana", `connector_${v.id()}`]),
        authorized: r.chance(0.6),
        name: `${v.app()} account`,
        id: v.id(),
        type,
      };
    case "Package":
      return {
        file_name: `${v.words(2).replace(" ", "-")}.zip`,
        id: v.id(),
        type,
        folder_id: v.id(),
        folder_path: `Home/${v.app()}`,
      };
    case "Folder":
      return { path: `Home/${v.app()} <> ${v.app()}`, name: v.recipe(), id: v.id(), type };
    case "Adapter":
      return { name: v.app(), id: v.id(), type };
    default:
      return {
        parent_id: r.chance(0.4) ? v.id() : undefined,
        name: v.recipe(),
        id: v.id(),
        type,
        path: r.chance(0.3) ? `Home/${v.words(2)}` : undefined,
        folder_id: r.chance(0.3) ? v.id() : undefined,
      };
  }
}

const person = (c, rich, name) => ({
  name,
  id: c.v.id(),
  email: c.v.mail(),
  ...(rich && {
    external_id: c.r.chance(0.5) ? `ext-${c.v.id()}` : null,
    environment_id: c.v.id(),
    environment_type: "dev",
    account_id: c.v.id(),
    account_name: c.v.company(),
  }),
});

export function activity(c) {
  const { r, v } = c;
  const [event, type] = r.pick(KINDS);
  const rich = r.chance(0.15);
  return {
    resource_changes: event === "recipe_renamed" ? { name: { old_value: v.recipe() } } : undefined,
    resource: resource(c, type),
    details:
      type === "Package" || type === "Adapter"
        ? undefined
        : {
            request: { ip_address: v.ip(), user_agent: v.agent() },
            activity: type === "User" ? event : undefined,
            run_once: event === "recipe_started" ? r.chance(0.1) : undefined,
            stop_reason: event === "recipe_stopped" ? "user" : undefined,
            error: event === "recipe_stopped" ? false : undefined,
          },
    team: person(c, rich, v.company()),
    event,
    user: person(c, rich, v.name()),
    timestamp: v.spaced(),
  };
}

/** `{source, UserID, log, log_message}`: object and string twin. */
export function wrapped(c, event) {
  return {
    source: c.r.pick(["Workato Dev Environment", "Workato Production"]),
    UserID: String(c.v.id()),
    log: event,
    log_message: c.embed(event),
  };
}

/** `{source, Env, Time…, Log, Log_Str}`: as above, in other words and with the four forms of now. */
export function stamped(c, event) {
  const ms = c.v.now();
  return {
    source: "Workato Dev Environment",
    Env: c.v.company(),
    Time: `${c.v.iso(ms).slice(0, 23).replace("T", " ")} -0800 AKDT`,
    Time_utc: ms,
    Time_micro: ms * 1000,
    Time_nano: c.v.nanos(ms),
    Log: event,
    Log_Str: c.embed(event),
  };
}

/** A template may also send the text alone: a JSON string whose content is the event. */
export const textOnly = (c, event) => c.embed(event);

/** `{log_message, now_utc_micro}`: the event as an object, no twin. */
export const object = (c, event) => ({ log_message: event, now_utc_micro: c.v.now() * 1000 });
