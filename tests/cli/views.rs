//! Views and the filter language on the command line.

use super::House;
use std::collections::BTreeSet;

const VIEWS: &str = r#"
[[view]]
name = "Open mail"
filter = "channel:mail -status:closed"
sort = "-created"
key = 8
[[view]]
name = "Ours"
filter = "mine"
within = "active"
"#;

fn house(config: &str) -> House {
    let house = House::of(60);
    std::fs::create_dir_all(house.home()).unwrap();
    std::fs::write(house.home().join("config.toml"), config).unwrap();
    house
}

fn ids(house: &House, args: &[&str]) -> BTreeSet<i64> {
    house.json(args).iter().map(|case| case["id"].as_i64().unwrap()).collect()
}

#[test]
fn a_view_of_ones_own_is_listed_by_its_name_and_narrowed() {
    let house = house(VIEWS);
    let cases = house.json(&["list", "--all"]);
    let open_mail: BTreeSet<_> =
        cases.iter().filter(|case| case["channel"] == "email" && case["status"] != "closed").filter_map(|case| case["id"].as_i64()).collect();
    assert!(!open_mail.is_empty());
    assert_eq!(ids(&house, &["list", "Open mail"]), open_mail);
    assert_eq!(ids(&house, &["list", "open", "MAIL"]), open_mail);
    let created: Vec<_> = house.json(&["list", "Open mail"]).iter().map(|case| case["dateCreated"].as_str().unwrap().to_owned()).collect();
    assert!(created.is_sorted(), "oldest first: {created:?}");
    assert!(ids(&house, &["list", "ours"]).is_subset(&ids(&house, &["list", "active"])));
    let views = house.run(&["list", "--views"]).out;
    assert!(["Queue", "Drafts", "Open mail", "channel:mail -status:closed", "within Active"].iter().all(|word| views.contains(word)), "{views}");
    assert_eq!(house.json(&["list", "--views"]).len(), 10);
}

#[test]
fn every_term_narrows_a_list() {
    let house = house("");
    let all = house.json(&["list", "--all"]);
    let first = all[0]["id"].to_string();
    assert_eq!(ids(&house, &["list", &format!("#{first}")]).len(), 1);
    let closed = all.iter().filter(|case| case["status"] == "closed").count();
    for (filter, wanted) in
        [("status:closed", closed), ("all -status:closed", 60 - closed), ("status:closed or -status:closed", 60), ("closed:<99999d", closed), ("closed:<0s", 0)]
    {
        assert_eq!(ids(&house, &["list", filter]).len(), wanted, "{filter}");
    }
    assert_eq!(ids(&house, &["list", "mine", "--all", "nobody"]).len(), 0);
    let error = house.run(&["list", "mine due:soon"]);
    assert!(error.code == 2 && error.err.contains("filter: column 6: due: needs a time like <30m"), "{error:?}");
}

#[test]
fn a_search_is_narrowed_by_the_same_terms() {
    let house = house("");
    assert_eq!(house.run(&["sync", "--full"]).code, 0);
    let hits = |words: &[&str]| {
        house.json(&[&["search", "--limit", "500"], words].concat()).iter().map(|hit| hit["caseId"].as_i64().unwrap()).collect::<BTreeSet<_>>()
    };
    let (refund, mail, other) = (hits(&["refund"]), hits(&["refund", "channel:mail"]), hits(&["refund -channel:mail"]));
    assert!(!mail.is_empty() && !other.is_empty() && mail.is_disjoint(&other), "{mail:?} {other:?}");
    assert_eq!(&mail | &other, refund);
    let error = house.run(&["search", "refund", "due:x"]);
    assert!(error.code == 2 && error.err.contains("column 8: due: needs a time"), "{error:?}");
}

#[test]
fn what_is_wrong_with_a_view_is_said_with_file_line_and_column() {
    for (config, said) in [
        ("\n[[view]]\nname = \"A\"\nfilter = \"mine due:soon\"\n", "config.toml:4:16: view 'A': filter: due: needs a time like <30m"),
        ("[[view]]\nname = \"Mine\"\nfilter = \"\"\n", "config.toml:3:11: view 'Mine': there is another view of this name"),
        ("[[view]]\nname = \"A\"\nfilter = \"\"\nkey = \"m\"\n", "gm means something else"),
        ("[[view]]\nname = \"A\"\nfilter = \"\"\nkey = 3\n", "key: is 8, 9, or a letter"),
        ("[[view]]\nname = \"A\"\nfilter = \"\"\nsort = \"size\"\n", "sort: is one of due, updated, created, waiting"),
        ("[[view]]\nname = \"A\"\nfiltre = \"\"\n", "unknown field 'filtre'"),
    ] {
        let house = House::alone();
        std::fs::create_dir_all(house.home()).unwrap();
        std::fs::write(house.home().join("config.toml"), config).unwrap();
        let ended = house.run(&["list", "--offline"]);
        assert!(ended.code != 0 && ended.err.contains(said), "{config}: {ended:?}");
    }
}
