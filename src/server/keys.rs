//! API keys: what one looks like, what it may, and how a given one is compared.
//! A key is `ck_<id>.<secret>`; only the SHA-256 of the secret is kept, so a key is shown once and never again.

use crate::model::{Actor, Timestamp, UserId};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a key may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    Full,
    Settings,
    Analytics,
    AppStore,
    Bot,
    Dashboard,
    KnowledgeBase,
    Media,
    Voip,
    Workflow,
    Chat,
}

impl Area {
    pub const ALL: [Self; 11] = [
        Self::Full,
        Self::Settings,
        Self::Analytics,
        Self::AppStore,
        Self::Bot,
        Self::Dashboard,
        Self::KnowledgeBase,
        Self::Media,
        Self::Voip,
        Self::Workflow,
        Self::Chat,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "Full access",
            Self::Settings => "Settings",
            Self::Analytics => "Analytics",
            Self::AppStore => "App Store",
            Self::Bot => "Bot",
            Self::Dashboard => "Dashboard",
            Self::KnowledgeBase => "Knowledge Base",
            Self::Media => "Media",
            Self::Voip => "VoIP",
            Self::Workflow => "Workflow",
            Self::Chat => "Chat",
        }
    }

    /// Reads a name in any case; `full` and `all` are full access.
    pub fn parse(word: &str) -> Option<Self> {
        if word.eq_ignore_ascii_case("full") || word.eq_ignore_ascii_case("all") {
            return Some(Self::Full);
        }
        let bare = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        Self::ALL.into_iter().find(|area| bare(area.as_str()) == bare(word))
    }
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct KeySpec {
    pub name: String,
    /// Whom it acts as; must be one of the account's agents.
    pub user: UserId,
    pub permissions: Vec<Area>,
}

/// A key as it is kept and listed, without its secret.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub id: String,
    pub name: String,
    pub user: Actor,
    pub permissions: Vec<Area>,
    pub created: Timestamp,
    pub revoked: Option<Timestamp>,
}

impl Key {
    pub fn may(&self, areas: &[Area]) -> bool {
        self.permissions.iter().any(|area| *area == Area::Full || areas.contains(area))
    }
}

/// The two parts of a key as a request carries it.
#[derive(Clone, Copy)]
pub struct Presented<'t> {
    pub id: &'t str,
    secret: &'t str,
}

impl<'t> Presented<'t> {
    pub fn parse(token: &'t str) -> Option<Self> {
        let (id, secret) = token.strip_prefix("ck_")?.split_once('.')?;
        (!id.is_empty() && id.len() <= 32 && secret.len() == 64).then_some(Self { id, secret })
    }

    /// Is this the secret with that hash? Takes the same time whatever the answer.
    pub fn matches(&self, hash: &[u8]) -> bool {
        digest(self.secret).ct_eq(hash).into()
    }
}

/// A new id and secret; the token to hand out is `ck_<id>.<secret>`.
#[expect(clippy::disallowed_methods, reason = "a key is made of the system's randomness, and here")]
pub fn fresh() -> Result<(String, String), getrandom::Error> {
    let mut bytes = [0_u8; 38];
    getrandom::fill(&mut bytes)?;
    let (id, secret) = bytes.split_at(6);
    Ok((hex(id), hex(secret)))
}

pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// SHA-256 over parts whose borders count.
pub fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Area, Presented, digest};

    #[test]
    fn a_key_has_two_parts_and_only_its_own_secret_matches() {
        let secret = "a".repeat(64);
        let token = format!("ck_0123.{secret}");
        let key = Presented::parse(&token).unwrap();
        assert_eq!(key.id, "0123");
        assert!(key.matches(&digest(&secret)));
        assert!(!key.matches(&digest("b")));
        assert!(!key.matches(&[]));
        for wrong in ["", "ck_", "ck_.", "ck_01.short", "0123.aaaa"] {
            assert!(Presented::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn areas_are_read_as_they_are_written() {
        for area in Area::ALL {
            assert_eq!(Area::parse(area.as_str()), Some(area));
        }
        assert_eq!(Area::parse("knowledge-base"), Some(Area::KnowledgeBase));
        assert_eq!(Area::parse("all"), Some(Area::Full));
        assert_eq!(Area::parse("cases"), None);
    }
}
