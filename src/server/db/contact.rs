//! Customers: read, listed, found by how they reach us, made, changed, taken away.

use super::{CONTACTS, DbError, Reader, Writer, row};
use crate::model::{Contact, ContactId, Object};
use crate::server::filter::ListAsk;
use rusqlite::{OptionalExtension, params};

impl Reader<'_> {
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>, DbError> {
        let sql = format!("SELECT {} FROM contacts WHERE id = ?", row::CONTACT);
        Ok(self.conn.prepare_cached(&sql)?.query_row([id.0], row::contact).optional()?)
    }

    pub fn contacts(&self, ask: &ListAsk) -> Result<Vec<Contact>, DbError> {
        self.page(&CONTACTS, row::CONTACT, ask, row::contact)
    }

    /// The oldest contact with this telephone number or, failing that, this address.
    pub fn contact_by(&self, phone: &str, email: &str) -> Result<Option<ContactId>, DbError> {
        let find = |sql: &str, value: &str| -> Result<Option<i64>, DbError> {
            if value.is_empty() { Ok(None) } else { Ok(self.conn.prepare_cached(sql)?.query_row([value], |row| row.get(0)).optional()?) }
        };
        let found = match find("SELECT id FROM contacts WHERE phone = ? ORDER BY id LIMIT 1", phone)? {
            None => find("SELECT id FROM contacts WHERE email = ? ORDER BY id LIMIT 1", email)?,
            found => found,
        };
        Ok(found.map(ContactId))
    }
}

impl Writer<'_> {
    /// A new contact with these fields.
    pub fn create_contact(&mut self, fields: Object) -> Result<ContactId, DbError> {
        self.insert_contact(&Contact { fields, ..Contact::default() })
    }

    /// Lays these fields over those there are; null takes one away. False when there is no such contact.
    pub fn change_contact(&mut self, id: ContactId, fields: &Object) -> Result<bool, DbError> {
        let Some(mut contact) = self.contact(id)? else { return Ok(false) };
        for (key, value) in fields {
            if value.is_null() {
                contact.fields.shift_remove(key);
            } else {
                contact.fields.insert(key.clone(), value.clone());
            }
        }
        let field = |key: &str| contact.field(key).map(|text| text.raw().to_owned());
        let mut update = self.conn.prepare_cached("UPDATE contacts SET name = ?2, email = ?3, phone = ?4, fields = ?5, date_updated = ?6 WHERE id = ?1")?;
        update.execute(params![id.0, contact.name().raw(), field("email"), field("phone"), row::text(&contact.fields), self.now.timestamp_millis()])?;
        Ok(true)
    }

    /// Does anything still speak of this contact?
    pub fn contact_is_used(&self, id: ContactId) -> Result<bool, DbError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM cases WHERE contact_id = ?1) OR EXISTS (SELECT 1 FROM notes WHERE contact_id = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?)
    }

    pub fn delete_contact(&mut self, id: ContactId) -> Result<bool, DbError> {
        Ok(self.conn.prepare_cached("DELETE FROM contacts WHERE id = ?")?.execute([id.0])? == 1)
    }
}
