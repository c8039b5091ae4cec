// Reads a calendar from standard input with ical.js and prints each event's UID, sequence and instants in UTC.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const ICAL = createRequire(process.argv[2])("ical.js");
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((part) => {
  const event = new ICAL.Event(part);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    alarms: part.getAllSubcomponents("valarm").length,
  };
});
process.stdout.write(JSON.stringify(events));
