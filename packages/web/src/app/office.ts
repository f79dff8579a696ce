/** The parts that few open, in one script of their own: together they compress better than each alone. */
export { CalendarPage } from "../calendar/page.tsx";
export { GovernancePage } from "../governance/page.tsx";
export { MeasuresPage } from "../measure/page.tsx";
export { Matrix } from "../plan/matrix.tsx";
export { PlanPage } from "../plan/page.tsx";
export { WaysBack } from "../rehearsal/drills.tsx";
export { SystemPage } from "../system/page.tsx";
