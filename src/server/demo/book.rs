//! The demo's library: everything it can say, read once from `assets/demo`.
//! Lists are `[key]` headings with one item a line (`[key,]`: items between commas); stories have a shape of their own.

use super::dice::Dice;
use super::lang::Lang;
use super::story::{self, Story};
use super::template::Template;
use std::collections::HashMap;
use std::sync::LazyLock;

/// All words of the demo.
pub struct Book {
    lists: HashMap<&'static str, Vec<&'static str>>,
    cultures: Vec<Culture>,
}

/// Something the shop sells: written as `name / price in hundredths / kind`.
pub struct Good {
    pub name: &'static str,
    pub price: i64,
    pub kind: &'static str,
}

/// What belongs to a language.
pub struct Culture {
    pub given: Vec<&'static str>,
    pub family: Vec<&'static str>,
    pub cities: Vec<&'static str>,
    pub goods: Vec<Good>,
    /// How a customer begins a chat.
    pub hello: Vec<Template>,
    /// How an agent begins a chat.
    pub greet: Vec<Template>,
    /// How an agent begins a mail.
    pub dear: Vec<Template>,
    /// How a customer ends a mail.
    pub bye: Vec<Template>,
    /// How an agent ends a mail.
    pub regards: Vec<Template>,
    pub stories: Vec<Story>,
    /// Parts for cases that are opened once more than their story knows.
    pub again: Option<Story>,
    /// Exchanges that stretch a long chat.
    pub asides: Option<Story>,
}

const LISTS: [&str; 5] = [
    include_str!("../../../assets/demo/people.txt"),
    include_str!("../../../assets/demo/goods.txt"),
    include_str!("../../../assets/demo/phrases.txt"),
    include_str!("../../../assets/demo/plants.txt"),
    include_str!("../../../assets/demo/replies.txt"),
];

const STORIES: [&str; 7] = [
    include_str!("../../../assets/demo/stories/orders.txt"),
    include_str!("../../../assets/demo/stories/billing.txt"),
    include_str!("../../../assets/demo/stories/technical.txt"),
    include_str!("../../../assets/demo/stories/calls.txt"),
    include_str!("../../../assets/demo/stories/europe.txt"),
    include_str!("../../../assets/demo/stories/asia.txt"),
    include_str!("../../../assets/demo/stories/more.txt"),
];

pub fn book() -> &'static Book {
    static BOOK: LazyLock<Book> = LazyLock::new(Book::read);
    &BOOK
}

impl Book {
    fn read() -> Self {
        let mut lists = HashMap::new();
        for text in LISTS {
            read_lists(text, &mut lists);
        }
        let mut stories: Vec<Story> = STORIES.iter().flat_map(|text| story::read(text)).collect();
        let cultures = Lang::ALL.map(|lang| culture(lang, &lists, &mut stories)).into();
        Self { lists, cultures }
    }

    /// The items under a heading; none when there is no such heading.
    pub fn list(&self, key: &str) -> &[&'static str] {
        self.lists.get(key).map_or(&[], Vec::as_slice)
    }

    pub fn culture(&self, lang: Lang) -> &Culture {
        &self.cultures[lang.index()]
    }

    pub fn story(&self, key: &str) -> Option<&Story> {
        self.cultures.iter().flat_map(|culture| &culture.stories).find(|story| story.key == key)
    }
}

/// One of the templates, an empty one of none.
pub fn any<'a>(templates: &'a [Template], dice: &mut Dice) -> Option<&'a Template> {
    templates.get(dice.below(templates.len()))
}

fn read_lists(text: &'static str, lists: &mut HashMap<&'static str, Vec<&'static str>>) {
    let (mut key, mut commas) = ("", false);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(heading) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            commas = heading.ends_with(',');
            key = heading.trim_end_matches(',');
            continue;
        }
        let items = lists.entry(key).or_default();
        if commas {
            items.extend(line.split(',').map(str::trim).filter(|item| !item.is_empty()));
        } else {
            items.push(line);
        }
    }
}

fn good(line: &'static str) -> Option<Good> {
    let mut parts = line.split(" / ");
    Some(Good { name: parts.next()?, price: parts.next()?.parse().ok()?, kind: parts.next().unwrap_or_default() })
}

fn culture(lang: Lang, lists: &HashMap<&'static str, Vec<&'static str>>, stories: &mut Vec<Story>) -> Culture {
    let list = |key: &str| lists.get(format!("{}.{key}", lang.code()).as_str()).cloned().unwrap_or_default();
    let templates = |key: &str| list(key).into_iter().map(Template::read).collect();
    let (mine, others): (Vec<Story>, Vec<Story>) = stories.drain(..).partition(|story| story.lang == lang);
    *stories = others;
    let (special, ordinary): (Vec<Story>, Vec<Story>) = mine.into_iter().partition(|story| story.channels.is_empty());
    let named = |name: &str| special.iter().find(|story| story.key.starts_with(name)).cloned();
    Culture {
        given: list("given"),
        family: list("family"),
        cities: list("city"),
        goods: list("goods").into_iter().filter_map(good).collect(),
        hello: templates("hello"),
        greet: templates("greet"),
        dear: templates("dear"),
        bye: templates("bye"),
        regards: templates("regards"),
        again: named("again"),
        asides: named("asides"),
        stories: ordinary,
    }
}

#[cfg(test)]
mod tests {
    use super::book;
    use crate::server::demo::lang::Lang;

    #[test]
    fn every_language_has_what_a_conversation_needs() {
        for lang in Lang::ALL {
            let culture = book().culture(lang);
            let lists = [culture.given.len(), culture.family.len(), culture.cities.len(), culture.goods.len(), culture.stories.len()];
            let phrases = [culture.hello.len(), culture.greet.len(), culture.dear.len(), culture.bye.len(), culture.regards.len()];
            assert!(lists.iter().chain(&phrases).all(|count| *count > 0), "{}: {lists:?} {phrases:?}", lang.code());
        }
        assert!(book().culture(Lang::En).stories.len() >= 25, "{} stories", book().culture(Lang::En).stories.len());
        assert!(book().culture(Lang::En).again.is_some() && book().culture(Lang::En).asides.is_some());
    }
}
