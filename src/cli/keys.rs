//! `caseload keys`: who may use a server of ours. A secret is printed when it is made and never again.

use super::args::{Keys, KeysCreate};
use super::fault::Fault;
use super::out::Out;
use super::serve::{agents, open_database};
use super::words;
use crate::model::{Person, UserId};
use crate::server::{Db, KeySpec, Staff};
use serde_json::json;
use std::path::Path;

pub fn keys(command: Keys, out: &mut Out) -> Result<(), Fault> {
    match command {
        Keys::Create(args) => create(args, out),
        Keys::List(args) => list(&existing(&args.database)?, out),
        Keys::Revoke { id, database } => revoke(&existing(&database.database)?, &id, out),
    }
}

fn create(args: KeysCreate, out: &mut Out) -> Result<(), Fault> {
    let db = open_database(&args.database.database)?;
    if !agents(&db)?.contains(&args.user) {
        let name = args.user_name.unwrap_or_else(|| format!("agent {}", args.user));
        let agent = Person { id: args.user, name: name.into(), ..Person::default() };
        db.staff(&Staff { agents: vec![agent], departments: Vec::new(), tags: Vec::new(), questions: Vec::new() })?;
    }
    let spec = KeySpec { name: args.name, user: UserId(args.user), permissions: args.permission };
    let (id, key) = db.create_key(&spec)?;
    out.either(&json!({"id": id, "key": key}), format!("{key}\nshown once; revoke it with: caseload keys revoke {id}"))
}

fn list(db: &Db, out: &mut Out) -> Result<(), Fault> {
    let keys = db.keys()?;
    if out.json {
        return keys.iter().try_for_each(|key| {
            let areas: Vec<_> = key.permissions.iter().map(|area| area.as_str()).collect();
            out.object(
                &json!({"id": key.id, "name": key.name, "userId": key.user.id, "permissions": areas, "dateCreated": key.created, "dateRevoked": key.revoked}),
            )
        });
    }
    let rows: Vec<_> = keys
        .iter()
        .map(|key| {
            let areas: Vec<_> = key.permissions.iter().map(|area| area.as_str()).collect();
            let state = if key.revoked.is_some() { "revoked" } else { "in use" };
            [
                key.id.clone(),
                state.to_owned(),
                format!("as {} ({})", key.user.name.one_line(), key.user.id),
                words::moment(key.created, 0),
                areas.join(", "),
                key.name.clone(),
            ]
        })
        .collect();
    out.lines(words::columns(&rows, Out::width()))
}

fn revoke(db: &Db, id: &str, out: &mut Out) -> Result<(), Fault> {
    if !db.revoke_key(id)? {
        return Err(Fault::failed(format!("no key {id}")).hint("`caseload keys list` names those there are"));
    }
    out.either(&json!({"id": id, "revoked": true}), format!("revoked {id}"))
}

/// A key belongs to a server that was set up before.
fn existing(path: &Path) -> Result<Db, Fault> {
    if !path.is_file() {
        return Err(Fault::failed(format!("{} is not there", path.display())).hint("`caseload serve --database FILE` makes it, --demo N fills it"));
    }
    open_database(path)
}
