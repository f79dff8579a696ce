import type { Route } from "../kernel/wire.ts";

const group = { GroupName: "groupName" };
const token = { ClientToken: "clientToken" };
const paging = { NextToken: "NextToken", MaxResults: "MaxResults", NamePrefix: "NamePrefix" };

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
export const routes: readonly Route[] = [
  { operation: "CreateSchedule", method: "POST", path: "/schedules/{Name}" },
  { operation: "UpdateSchedule", method: "PUT", path: "/schedules/{Name}" },
  { operation: "GetSchedule", method: "GET", path: "/schedules/{Name}", query: group },
  { operation: "DeleteSchedule", method: "DELETE", path: "/schedules/{Name}", query: { ...group, ...token } },
  {
    operation: "ListSchedules",
    method: "GET",
    path: "/schedules",
    query: { ...paging, GroupName: "ScheduleGroup", State: "State" },
  },
  { operation: "CreateScheduleGroup", method: "POST", path: "/schedule-groups/{Name}" },
  { operation: "GetScheduleGroup", method: "GET", path: "/schedule-groups/{Name}" },
  { operation: "DeleteScheduleGroup", method: "DELETE", path: "/schedule-groups/{Name}", query: token },
  { operation: "ListScheduleGroups", method: "GET", path: "/schedule-groups", query: paging },
];
