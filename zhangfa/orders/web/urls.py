"""Addresses of the price list, the orders and their dispatch."""

from django.urls import path

from zhangfa.orders.web import after, board, book, cards, do, mine, pages, papers, prices, series

app_name = "orders"
urlpatterns = [
    path("orders/", pages.Orders.as_view(), name="list"),
    path("orders/new/", book.Book.as_view(), name="new"),
    path("orders/mine/", mine.Mine.as_view(), name="mine"),
    path("orders/<int:pk>/", pages.OrderPage.as_view(), name="order"),
    path("orders/<int:pk>/do/<slug:name>/", do.OrderDo.as_view(), name="do"),
    path("orders/<int:pk>/photos/", do.Photos.as_view(), name="photos"),
    path("orders/<int:pk>/order.pdf", papers.order_pdf, name="order-pdf"),
    path("series/", series.SeriesList.as_view(), name="series"),
    path("series/new/", series.SeriesNew.as_view(), name="series-new"),
    path("series/contract/", series.ContractNew.as_view(), name="contract-new"),
    path("series/<int:pk>/", series.OneSeries.as_view(), name="one-series"),
    path("series/<int:pk>/contract.pdf", papers.contract_pdf, name="contract-pdf"),
    path("series/<int:pk>/do/<slug:name>/", series.SeriesDo.as_view(), name="series-do"),
    path("dispatch/", board.Board.as_view(), name="board"),
    path("dispatch/workers/<int:pk>/", board.WorkerWeek.as_view(), name="worker-week"),
    path("dispatch/whereabouts/", board.Whereabouts.as_view(), name="whereabouts"),
    path("revisits/", after.Revisits.as_view(), name="revisits"),
    path("revisits/<int:pk>/", after.RevisitDo.as_view(), name="revisit"),
    path("cards/", cards.Cards.as_view(), name="cards"),
    path("cards/new/", cards.CardNew.as_view(), name="card-new"),
    path("cards/packages/", cards.Packages.as_view(), name="packages"),
    path("cards/<int:pk>/", cards.CardPage.as_view(), name="card"),
    path("cards/<int:pk>/do/<slug:name>/", cards.CardDo.as_view(), name="card-do"),
    path("refunds/", after.Refunds.as_view(), name="refunds"),
    path("prices/", prices.PriceList.as_view(), name="prices"),
    path("prices/new/", prices.ProductNew.as_view(), name="product-new"),
    path("prices/surcharges/", prices.Surcharges.as_view(), name="surcharges"),
    path("prices/surcharges/new/", prices.SurchargeNew.as_view(), name="surcharge-new"),
    path("prices/<slug:pk>/", prices.ProductPage.as_view(), name="product"),
    path("prices/<slug:pk>/new/", prices.PriceNew.as_view(), name="price-new"),
    path("prices/<slug:pk>/crew/", prices.CrewPlan.as_view(), name="product-crew"),
    path("prices/rows/<int:pk>/withdraw/", prices.PriceWithdraw.as_view(), name="price-withdraw"),
]
