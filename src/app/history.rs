//! What was typed on the command line in this session: Up brings it back.

/// The lines, oldest first, and which of them is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    lines: Vec<String>,
    /// Counted from the newest; `None`: what is being typed.
    back: Option<usize>,
}

/// So many are kept.
const MOST: usize = 200;

impl History {
    /// A line was run: it is the newest, and stands there once.
    pub fn took(&mut self, line: &str) {
        self.back = None;
        if line.trim().is_empty() {
            return;
        }
        self.lines.retain(|known| known != line);
        self.lines.push(line.to_owned());
        self.lines.drain(..self.lines.len().saturating_sub(MOST));
    }

    /// Nothing of it is shown.
    pub fn leave(&mut self) {
        self.back = None;
    }

    pub fn is_shown(&self) -> bool {
        self.back.is_some()
    }

    /// One line further back.
    pub fn older(&mut self) -> Option<&str> {
        let wanted = self.back.map_or(0, |back| back + 1);
        let line = self.lines.iter().rev().nth(wanted)?;
        self.back = Some(wanted);
        Some(line)
    }

    /// One line forward; at the newest, an empty one.
    pub fn newer(&mut self) -> Option<&str> {
        self.back = self.back?.checked_sub(1);
        Some(self.back.and_then(|back| self.lines.iter().rev().nth(back)).map_or("", String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::History;

    #[test]
    fn lines_come_back_in_their_order_and_once() {
        let mut history = History::default();
        let older = |history: &mut History| history.older().map(str::to_owned);
        assert_eq!(older(&mut history), None);
        for line in ["close", " ", "mine", "close"] {
            history.took(line);
        }
        assert_eq!(older(&mut history).as_deref(), Some("close"));
        assert_eq!(history.newer(), Some(""));
        assert!(!history.is_shown());
        older(&mut history);
        assert_eq!(older(&mut history).as_deref(), Some("mine"));
        assert_eq!(older(&mut history), None, "there is nothing before it");
        assert_eq!(history.newer(), Some("close"));
        history.took("x");
        assert_eq!(older(&mut history).as_deref(), Some("x"));
    }
}
