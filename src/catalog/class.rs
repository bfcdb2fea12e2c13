//! Classes of personal data.

/// What kind of personal data a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A mail address.
    Email,
    /// A person's name.
    Person,
    /// An id that stands for a person.
    UserId,
    /// An id or name that stands for a customer.
    CustomerId,
    /// A network address.
    Ip,
    /// What tells a device: a user agent.
    Device,
    /// Where somebody is.
    Location,
    /// A phone number.
    Phone,
    /// What opens doors: tokens, credentials, links that need no other key.
    Secret,
}

impl Class {
    /// All of them, in the order of their declaration, with the policy's words for them.
    pub(crate) const ALL: [(Class, &'static str); 9] = [
        (Class::Email, "email"),
        (Class::Person, "person"),
        (Class::UserId, "user_id"),
        (Class::CustomerId, "customer_id"),
        (Class::Ip, "ip"),
        (Class::Device, "device"),
        (Class::Location, "location"),
        (Class::Phone, "phone"),
        (Class::Secret, "secret"),
    ];
}
