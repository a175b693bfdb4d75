"""Work lists: what each mediator, centre, judge and institution has to do next."""
