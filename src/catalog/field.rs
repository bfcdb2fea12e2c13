//! The common fields: one name for the same thing on every platform.

/// A common field; its name in queries, templates and the catalogue begins with `@`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// When it happened: an instant.
    Time,
    /// Whose event it is: `tray`, `workato`, `paragon`.
    Platform,
    /// The event type: the catalogue's name of it.
    Type,
    /// `debug`, `info`, `warn`, `error` or `fatal`.
    Level,
    /// The state it reports, in the platform's words.
    Status,
    /// A line for people.
    Message,
    /// The event's own id.
    Id,
    /// The organisation or workspace on the platform.
    OrgId,
    /// The customer whom the workspace serves.
    CustomerId,
    /// The customer's id in the operator's own system.
    CustomerExternalId,
    /// `dev`, `test`, `prod`.
    Environment,
    /// The workflow, recipe or flow.
    WorkflowId,
    /// Its name.
    WorkflowName,
    /// One run of it: execution, job, genie run.
    RunId,
    /// The run that called this one.
    ParentId,
    /// What groups runs.
    TraceId,
    /// The step within the run.
    Step,
    /// The connector that the step uses.
    Connector,
    /// The integration.
    IntegrationId,
    /// What was done.
    Operation,
    /// The kind of thing it was done to.
    ResourceType,
    /// That thing.
    ResourceId,
    /// Who did it.
    ActorId,
    /// Their mail address.
    ActorEmail,
    /// Their network address.
    ActorIp,
    /// Who acted in their name.
    ImpersonatorId,
    /// The customer's user on whose behalf it ran.
    EnduserId,
    /// The kind of error.
    ErrorType,
    /// What the error says.
    ErrorMessage,
    /// How long it took, in seconds.
    Duration,
}

impl Field {
    /// All of them, in the order of their declaration, with their names.
    pub(crate) const ALL: [(Field, &'static str); 30] = [
        (Field::Time, "@time"),
        (Field::Platform, "@platform"),
        (Field::Type, "@type"),
        (Field::Level, "@level"),
        (Field::Status, "@status"),
        (Field::Message, "@message"),
        (Field::Id, "@id"),
        (Field::OrgId, "@org.id"),
        (Field::CustomerId, "@customer.id"),
        (Field::CustomerExternalId, "@customer.external_id"),
        (Field::Environment, "@environment"),
        (Field::WorkflowId, "@workflow.id"),
        (Field::WorkflowName, "@workflow.name"),
        (Field::RunId, "@run.id"),
        (Field::ParentId, "@parent.id"),
        (Field::TraceId, "@trace.id"),
        (Field::Step, "@step"),
        (Field::Connector, "@connector"),
        (Field::IntegrationId, "@integration.id"),
        (Field::Operation, "@operation"),
        (Field::ResourceType, "@resource.type"),
        (Field::ResourceId, "@resource.id"),
        (Field::ActorId, "@actor.id"),
        (Field::ActorEmail, "@actor.email"),
        (Field::ActorIp, "@actor.ip"),
        (Field::ImpersonatorId, "@impersonator.id"),
        (Field::EnduserId, "@enduser.id"),
        (Field::ErrorType, "@error.type"),
        (Field::ErrorMessage, "@error.message"),
        (Field::Duration, "@duration"),
    ];

    /// The field of that name.
    pub(crate) fn named(name: &str) -> Option<Field> {
        Field::ALL.iter().find(|(_, known)| *known == name).map(|(field, _)| *field)
    }
}
