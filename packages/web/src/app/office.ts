/** The parts that few open, in one script of their own: together they compress better than each alone. */
export { CalendarPage } from "../calendar/page.tsx";
export { MeasuresPage } from "../measure/page.tsx";
export { PlanPage } from "../plan/page.tsx";
export { SystemPage } from "../system/page.tsx";
