//! Where things stand below the origin; the client asks there, the server answers there.

pub const PREFIX: &str = "/api/v1";
pub const HELLO: &str = "/api/v1/";
pub const EVENTS: &str = "/api/v1/events";
pub const CASES: &str = "/api/v1/crm/objects/case";
pub const CASE_MESSAGES: &str = "/api/v1/crm/objects/case-message";
pub const CONTACTS: &str = "/api/v1/crm/objects/contact";
pub const CHAT_CREATE: &str = "/api/v1/crm/messenger/chat/create";
pub const CHAT_CLOSE: &str = "/api/v1/crm/messenger/chat/close";
pub const CHAT_JOIN: &str = "/api/v1/crm/messenger/chat/join";
pub const CHAT_REJECT: &str = "/api/v1/crm/messenger/chat/reject";
pub const CHAT_MESSAGES: &str = "/api/v1/crm/messenger/chat/messages";
pub const CHAT_ADD_MESSAGE: &str = "/api/v1/crm/messenger/chat/add-message";
/// `POST …/{message id}` changes it.
pub const CHAT_MESSAGE: &str = "/api/v1/crm/messenger/chat/message";
pub const INVITE_AGENT: &str = "/api/v1/crm/messenger/agent/invite-agent";
pub const MAIL_ADD_MESSAGE: &str = "/api/v1/mail/add-message";
pub const MAIL_MESSAGES: &str = "/api/v1/mail/messages";
/// Ours: `GET …/{mail id}?n=0`, the bytes of what is attached.
pub const MAIL_ATTACHMENT: &str = "/api/v1/mail/attachment";
pub const SEND_SMS: &str = "/api/v1/voip/send-sms";
pub const CALL_RINGING: &str = "/api/v1/voip/call-ringing";
pub const CALL_END: &str = "/api/v1/voip/call-end";
pub const FOLLOW_UP_CREATE: &str = "/api/v1/crm/follow-up/create";
pub const FOLLOW_UP_GET: &str = "/api/v1/crm/follow-up/get";
/// `DELETE …/{id}`.
pub const FOLLOW_UP: &str = "/api/v1/crm/follow-up";
pub const NOTES: &str = "/api/v1/crm/note";
pub const TAGS: &str = "/api/v1/crm/tag";
pub const FEEDBACK: &str = "/api/v1/crm/feedback";
pub const USERS: &str = "/api/v1/account/user";
pub const DEPARTMENTS: &str = "/api/v1/account/department";
pub const WEBHOOKS: &str = "/api/v1/webhook";
