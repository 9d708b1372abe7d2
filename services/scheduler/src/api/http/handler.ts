import type { RouteInput, RouteName, RouteResponse, Routes } from '@pipeline/protocol/api';
import type { Request, Response } from 'express';
import type { Caller } from '../../access/caller.ts';

/** One call, as its handler sees it. */
export interface Call {
  /** Undefined on public routes. */
  caller: Caller | undefined;
  /** For the audit log. */
  actor: string;
  /** The body as it came: a parsed number may be another one. */
  rawBody: string;
  request: Request;
  response: Response;
}

/** Does what a route says. What it returns is the response; a page of text is returned as a string. */
export type Handler<Name extends RouteName> = (
  input: RouteInput<Routes[Name]>,
  call: Call,
) => Promise<RouteResponse<Routes[Name]>>;

/** A handler for each of these routes. */
export type Handlers<Name extends RouteName = RouteName> = { [N in Name]: Handler<N> };
