//! Keys: made, listed, revoked, and looked up by the id part of what a request carries.

use super::{Db, DbError, Reader, row};
use crate::model::{Actor, UserId};
use crate::server::keys::{Area, Key, KeySpec, Presented, digest, fresh};
use rusqlite::{OptionalExtension, Row, params};

const KEY: &str = "SELECT k.id, k.name, k.user_id, u.name, k.permissions, k.date_created, k.date_revoked, k.hash FROM keys k JOIN users u ON u.id = k.user_id";

impl Db {
    /// Gives the key's id, and the key itself: this is the only time it is shown.
    pub fn create_key(&self, spec: &KeySpec) -> Result<(String, String), DbError> {
        let (id, secret) = fresh().map_err(|source| DbError::new("asking the system for randomness", source.to_string()))?;
        self.write_now(|writer| {
            let known: bool = writer.conn.query_row("SELECT EXISTS (SELECT 1 FROM users WHERE id = ?)", [spec.user.0], |row| row.get(0))?;
            if !known {
                return Err(DbError::new("making a key", format!("no agent has the number {}", spec.user)));
            }
            let areas: Vec<&str> = spec.permissions.iter().map(|area| area.as_str()).collect();
            let sql = "INSERT INTO keys (id, name, user_id, permissions, hash, date_created) VALUES (?, ?, ?, ?, ?, ?)";
            writer.conn.execute(sql, params![id, spec.name, spec.user.0, serde_json::to_string(&areas)?, digest(&secret), writer.now.timestamp_millis()])?;
            Ok(())
        })?;
        let token = format!("ck_{id}.{secret}");
        Ok((id, token))
    }

    /// Every key, newest last, revoked ones too.
    pub fn keys(&self) -> Result<Vec<Key>, DbError> {
        self.read_now(|reader| {
            let mut statement = reader.conn.prepare(&format!("{KEY} ORDER BY k.date_created, k.id"))?;
            let keys = statement.query_map([], key)?.collect::<Result<_, _>>()?;
            Ok(keys)
        })
    }

    /// Takes the key's rights from the next request on. False when there is no such key, or not any more.
    pub fn revoke_key(&self, id: &str) -> Result<bool, DbError> {
        self.write_now(|writer| {
            let revoked =
                writer.conn.execute("UPDATE keys SET date_revoked = ? WHERE id = ? AND date_revoked IS NULL", params![writer.now.timestamp_millis(), id])?;
            Ok(revoked == 1)
        })
    }
}

impl Reader<'_> {
    /// The key a request carries, if it is one and still valid. Unknown, wrong and revoked look alike, also to a clock.
    pub fn key(&self, token: &str) -> Result<Option<Key>, DbError> {
        let Some(presented) = Presented::parse(token) else { return Ok(None) };
        let mut find = self.conn.prepare_cached(&format!("{KEY} WHERE k.id = ?"))?;
        let found: Option<(Key, Vec<u8>)> = find.query_row([presented.id], |row| Ok((key(row)?, row.get(7)?))).optional()?;
        let matches = presented.matches(found.as_ref().map_or(&[0_u8; 32][..], |(_, hash)| hash));
        Ok(found.map(|(key, _)| key).filter(|key| matches && key.revoked.is_none()))
    }
}

fn key(row: &Row) -> rusqlite::Result<Key> {
    let areas: Vec<String> = serde_json::from_str(row.get_ref(4)?.as_str()?).unwrap_or_default();
    Ok(Key {
        id: row.get(0)?,
        name: row.get(1)?,
        user: Actor { id: UserId(row.get(2)?), name: row.get::<_, String>(3)?.into() },
        permissions: areas.iter().filter_map(|area| Area::parse(area)).collect(),
        created: row::at(row.get(5)?).unwrap_or_default(),
        revoked: row::at(row.get(6)?),
    })
}
